import ContainerImage
import Foundation
import Training

/// The outcome of a promotion, for people and for programs.
struct PromotionResult: Encodable {
    enum Outcome: String, Encodable {
        /// The candidate is the champion now.
        case promoted
        /// A condition does not hold, so the champion stays.
        case refused
        /// Another program has changed the champion after the comparison.
        case overtaken
    }

    struct Side: Encodable {
        var model: String
        /// The digest of the file; nil if it cannot be read.
        var digest: String?
        /// The number of the version, once there is one.
        var version: String?
    }

    var name: String
    var outcome = Outcome.refused
    /// Whether conditions that do not hold were ignored, because the user wanted it.
    var isForced = false
    var candidate: Side
    var champion: Side?
    var testSet: TestSet
    var measure: String
    /// The value of the candidate, if there is no champion.
    var value: Double?
    var test: PairedTest?
    /// The paired test on the tweets that users have reported, if they were asked for.
    var reportedTest: PairedTest?
    var slices: [SliceComparison]
    var conditions: [PromotionCondition]
    /// The run on the server that records the comparison.
    var run: String?

    /// The conditions that do not hold, or could not be measured.
    var problems: [PromotionCondition] { conditions.filter { $0.status != .holds } }

    /// Prints the table.
    func show(_ measure: QualityMeasure) {
        let tweets = "\(decimal(testSet.tweets)) tweets of \(testSet.file)"
        if let champion, let test {
            print("\(candidate.model) beside the champion \(champion.model) on \(tweets)".singleLine)
            print("                            champion  candidate  difference")
            let interval = test.interval.map { String(format: "  (%+.4f to %+.4f)", $0.low, $0.high) } ?? ""
            let sign = measure.isLoss ? -1.0 : 1
            print(
                "  " + measure.title.padding(toLength: 22, withPad: " ", startingAt: 0)
                    + String(format: "%12.4f%11.4f%+12.4f", test.first, test.second, sign * test.improvement)
                    + (measure.isLoss ? "" : interval))
        } else {
            print("\(candidate.model) on \(tweets)".singleLine)
            if let value { print(row(measure.title, fixed(value, 4))) }
            if champion == nil { print("  There is no champion yet, so the candidate needs to beat none.") }
        }
        let width = conditions.map(\.name.count).max() ?? 0
        for condition in conditions {
            print(
                "  \(condition.status.word)  \(condition.name.padding(toLength: width, withPad: " ", startingAt: 0))  "
                    .singleLine + condition.detail.singleLine)
        }
        print(verdict.singleLine)
    }

    private var verdict: String {
        let stays = champion.map { "The champion stays \($0.model)" } ?? "There is still no champion"
        let failed = problems.count == 1 ? "one condition does not" : "\(problems.count) conditions do not"
        switch outcome {
        case .promoted:
            let number = "mlflow:\(name)/\(candidate.version ?? "")"
            if problems.isEmpty { return "\(number) is the champion now." }
            return "\(number) is the champion now, although \(failed) hold, because --force was given."
        case .refused: return "\(stays), because \(failed) hold."
        case .overtaken: return "The candidate is not the champion, because another program has changed the champion."
        }
    }
}
