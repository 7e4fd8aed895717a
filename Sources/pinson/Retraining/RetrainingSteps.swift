import Foundation
import Tracking

/// Does the steps of a retraining that are commands of pinson, except for the promotion.
struct RetrainingSteps {
    static let model = "model.gguf"
    static let image = "image.tar"
    static let training = "training.csv"
    static let reported = "reported.csv"
    /// The folder for the state of a training that takes long.
    static let state = "training"

    let plan: RetrainingPlan
    let folder: RetrainingFolder

    /// Runs a command of pinson in the folder.
    ///
    /// - Parameters:
    ///   - step: The step that the command is.
    ///   - arguments: Its arguments.
    ///   - verdicts: The exit codes that are results and not failures.
    /// - Returns: What the command has printed on stdout, and its exit code.
    /// - Throws: `StepFailure` if it fails.
    func run(_ step: RetrainingStep, _ arguments: [String], verdicts: Set<Int32> = [0]) throws -> PinsonCommand.Result {
        say("running pinson \(arguments.joined(separator: " "))")
        let result = try PinsonCommand(arguments: arguments, folder: folder.path).run()
        guard verdicts.contains(result.status) else { throw StepFailure(step: step, status: result.status) }
        return result
    }

    func train() async throws -> StepRecord {
        struct Result: Decodable {
            struct Metrics: Decodable {
                var accuracy: Double
                var macroF1: Double
            }
            /// What was chosen; approaches without a choice do not say it.
            var approach: String?
            var bytes: Double
            var texts: Double
            var metrics: Metrics
        }
        let output = folder.file(Self.model)
        let training = folder.file(Self.training)
        var arguments = ["--data", training, "-o", output, "--name", plan.name, "--json"]
        // A fine-tuning takes hours, so it goes on where it was.
        if plan.recipe.first == "fine-tune" { arguments += ["--checkpoint-dir", folder.file(Self.state)] }
        let result = try run(.train, ["train"] + plan.recipe + arguments)
        let found = try JSONDecoder().decode(Result.self, from: Data(result.output.utf8))
        var record = StepRecord(step: .train)
        record.files[Self.model] = try await fileDigest(output)
        record.facts = ["recipe": found.approach ?? plan.recipe.joined(separator: " ")]
        record.metrics = [
            "accuracy": found.metrics.accuracy, "macroF1": found.metrics.macroF1, "model_bytes": found.bytes,
            "texts": found.texts,
        ]
        return record
    }

    func image() async throws -> StepRecord {
        let target = plan.shipping.targets.first.map { ["--target", $0] } ?? []
        let result = try run(
            .image,
            ["image", "build", "--model", folder.file(Self.model), "-o", folder.file(Self.image)] + target
                + plan.shipping.targetOptions)
        var record = StepRecord(step: .image)
        record.files[Self.image] = try await fileDigest(folder.file(Self.image))
        record.facts = ["image": result.output.trimmingCharacters(in: .whitespacesAndNewlines)]
        return record
    }

    /// Checks the image against its targets.
    func check() throws -> (record: StepRecord, report: String) {
        let targets = plan.shipping.targets.flatMap { ["--target", $0] }
        let result = try run(
            .check, ["check", folder.file(Self.image), "--format", "json"] + targets + plan.shipping.targetOptions,
            verdicts: [0, 1])
        let report = folder.file("check.json")
        try writeFile(result.output, to: report)
        var record = StepRecord(step: .check)
        if result.status == 1 {
            struct Report: Decodable {
                struct Finding: Decodable {
                    var status: String
                    var message: String
                }
                var findings: [Finding]
            }
            let found = try? JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
            let reasons = (found?.findings ?? []).filter { $0.status == "violation" }.map(\.message)
            record.refusal = .init(
                outcome: .unfit, reasons: reasons.isEmpty ? ["the image does not fit a target"] : reasons)
        }
        return (record, report)
    }

    /// Pushes the image under the number of the version, and then moves the tag `champion` to it.
    func push(version: String) throws -> StepRecord {
        let repository = plan.shipping.repository ?? ""
        var pinned = ""
        for tag in ["v\(version)", Champion.alias] {
            let result = try run(
                .push,
                ["image", "push", folder.file(Self.image), "\(repository):\(tag)"] + plan.shipping.registryOptions)
            pinned = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var record = StepRecord(step: .push)
        record.facts = ["image": pinned]
        return record
    }

    /// Renders what the platforms want.
    func deploy(version: String) throws -> (record: StepRecord, files: [String: String]) {
        var files: [String: String] = [:]
        var record = StepRecord(step: .deploy)
        let reference = "\(plan.shipping.repository ?? ""):v\(version)"
        try RetrainingFolder.make(plan.shipping.rendering.folder)
        for command in try plan.shipping.rendering.commands(folder.file(Self.image), reference: reference) {
            guard try run(.deploy, command.arguments, verdicts: [0, 1]).status == 0 else {
                record.refusal = .init(
                    outcome: .unfit, reasons: ["the image does not fit the template '\(command.template)'"])
                return (record, files)
            }
            files["deploy/\(URL(fileURLWithPath: command.file).lastPathComponent)"] = command.file
        }
        record.facts = ["rendered": files.values.sorted().joined(separator: " ")]
        return (record, files)
    }
}

/// A command that was a step, and that has failed.
struct StepFailure: Error {
    var step: RetrainingStep
    /// Its exit code.
    var status: Int32
}
