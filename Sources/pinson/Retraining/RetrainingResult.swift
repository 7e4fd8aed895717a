import ContainerImage
import Foundation

/// The outcome of a retraining, for people and for programs.
struct RetrainingResult: Encodable {
    var name: String
    var outcome: RetrainingOutcome
    /// How many reports there are, and what became of them.
    var reports: [String: Int]
    /// The folder with the files; nil if nothing was begun.
    var folder: String?
    /// The run on the server; nil if nothing was begun.
    var run: String?
    /// The number of the version that is champion now; nil if it has not changed.
    var version: String?
    /// The name of the image in the registry, with its digest.
    var image: String?
    /// Why the champion stays, one sentence or condition each.
    var reasons: [String] = []
    var steps: [StepRecord] = []

    /// The lines about the reports, in the order in which they are shown.
    private static let lines = [
        ("given", "validated"), ("new", "new since the last retraining"), ("learned", "learned"),
        ("held-out", "held out to measure on"), ("duplicate", "left out: another report is nearly the same"),
        ("conflicting", "left out: reports of this text contradict each other"),
        ("in-test-set", "left out: in the test set"), ("over-cap", "left out: more than the cap of their label"),
        ("known", "left out: to be held out, but in the other data"),
        ("refused", "left out: a retraining with them was refused"),
    ]

    /// Prints what happened.
    func show(minNew: Int) {
        print("reports")
        for (name, text) in Self.lines where name == "given" || name == "new" || reports[name, default: 0] > 0 {
            print("  " + decimal(reports[name] ?? 0).leftPadded(to: 9) + "  \(text)")
        }
        if !steps.isEmpty { print("steps") }
        for step in steps {
            let facts = step.facts.filter { $0.key != "conditions" }.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value)" }
            print(
                ("  " + "\(fixed(step.seconds, 1)) s".leftPadded(to: 9) + "  \(step.step.rawValue)  "
                    + facts.joined(separator: ", ")).singleLine)
        }
        print(verdict(minNew).singleLine)
        for reason in reasons { print("  \(reason)".singleLine) }
    }

    private func verdict(_ minNew: Int) -> String {
        switch outcome {
        case .promoted:
            let image = image.map { " Its image is \($0)." } ?? ""
            return "mlflow:\(name)/\(version ?? "") is the champion now.\(image)"
        case .refused: return "The champion of \(name) stays, because a condition does not hold:"
        case .unfit: return "The retraining of \(name) has stopped, because a target is too small:"
        case .overtaken:
            return "The champion of \(name) has changed meanwhile. Retrain again to compare with the new one."
        case .waiting:
            return "Nothing was done: there are \(decimal(reports["new"] ?? 0)) new reports, and "
                + "--min-new is \(decimal(minNew))."
        }
    }
}

extension String {
    fileprivate func leftPadded(to length: Int) -> String {
        String(repeating: " ", count: max(0, length - count)) + self
    }
}
