import ArgumentParser
import Foundation
import Tracking
import Training

struct Retrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains the champion again with what users have reported, and ships it if it is better.",
        discussion: """
            The champion's recipe is trained on the data and on the validated reports. One report in five is held out. The \
            new model becomes the champion if it is not worse on the test set by more than --margin, and right more often on \
            the reports that were held out. Then its image is pushed and its deployment is rendered. If it is refused, the \
            reasons are printed, and the exit code is 1. With too few new reports, nothing is done, and the exit code is 0.

            Each step is a command of pinson and a nested run on the server of MLFLOW_TRACKING_URI. A retraining that was \
            stopped goes on when the same command runs again; nothing is done twice.
            """)

    @Argument(help: "The name of the registered model, which has a champion.")
    var name: String

    @Option(
        help: ArgumentHelp("A CSV or JSON Lines file with the labelled tweets to learn from.", valueName: "file"),
        completion: .file())
    var data: String

    @Option(
        help: ArgumentHelp("The validated reports, as 'pinson feedback validate' writes them.", valueName: "file"),
        completion: .file())
    var feedback: String

    @Option(
        help: ArgumentHelp("The labelled tweets on which the champion was promoted.", valueName: "file"),
        completion: .file())
    var test: String

    @OptionGroup var labelled: LabelledData
    @OptionGroup var reports: ReportOptions

    @Option(
        help: ArgumentHelp(
            """
            The approach and the options of 'pinson train' in one argument. The default is what the model file of the \
            champion says.
            """, valueName: "arguments"))
    var recipe: String?

    @Option(
        help: ArgumentHelp(
            "By how much the new model may be worse on the test set, in points: the lower end of the interval of 95 %.",
            valueName: "points"))
    var margin = 1.0

    @OptionGroup var rules: PromotionRules
    @OptionGroup var evaluation: EvaluationOptions

    @Flag(help: "Accept that the champion was promoted on other tweets than those of --test.")
    var newTestSet = false

    @OptionGroup var targets: TargetConditions
    @OptionGroup var shipping: ShippingOptions

    @Option(
        help: ArgumentHelp("The folder that keeps what is done and made, by model.", valueName: "folder"),
        completion: .directory)
    var work = "retrain"

    @Option(
        help: ArgumentHelp(
            """
            The experiment of MLflow that records the retraining. The default is MLFLOW_EXPERIMENT_NAME, or else the name \
            of the registered model.
            """, valueName: "experiment"))
    var track: String?

    @Flag(help: "Drop a retraining that was stopped, and start a new one.")
    var restart = false

    @Flag(help: "Only say which reports would be used.")
    var dryRun = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard margin >= 0, margin.isFinite else {
            throw ValidationError("The value '\(margin)' is invalid for '--margin <points>': expected 0 or more.")
        }
        for (option, file) in [("--data", data), ("--feedback", feedback), ("--test", test)] where file == "-" {
            throw ValidationError("'\(option) -' cannot be read twice. Give the name of a file.")
        }
    }

    func run() async throws {
        try RegisteredModel.check(name: name)
        _ = try targets.chosen()
        let server = try FetchedModel.server()
        let parent = absolute("\(work)/\(name.hasPrefix(".") ? "_" : "")\(name)")
        try RetrainingFolder.make(parent)
        guard let lock = FolderLock(parent) else {
            throw ValidationError(
                "Another 'pinson retrain' works in \(parent). Wait until it ends, or give another '--work'.")
        }
        defer { withExtendedLifetime(lock) {} }
        if restart { RetrainingFolder.remove(in: parent, except: nil) }
        if let (folder, plan) = try RetrainingFolder.unfinished(in: parent) {
            say("going on with the retraining in \(folder.path), with the reports and options of its start")
            return try await finish(plan, in: folder, on: server)
        }
        let start = try await RetrainingStart(of: name, recipe: recipe, on: server)
        let data = try await chosen(for: start, on: server)
        guard !dryRun, data.new >= reports.minNew, !data.selection.heldOut.isEmpty else {
            return try show(RetrainingResult(name: name, outcome: .waiting, reports: data.counts))
        }
        let folder = try RetrainingFolder.create(in: parent)
        try data.write(to: folder)
        let plan = try await plan(start, data)
        try folder.save(plan)
        RetrainingFolder.remove(in: parent, except: folder)
        try await finish(plan, in: folder, on: server)
    }

    private func chosen(for start: RetrainingStart, on server: MLflowServer) async throws -> RetrainingData {
        func read(_ path: String) throws -> [Tweet] {
            try labelled.read(path, limit: .max, labels: start.labels, requiresLabels: true)
        }
        let reports = try await ReportFile(feedback, labels: start.labels)
        let history = try await ReportHistory.latest(of: name, experiment: experiment, on: server)
        return RetrainingData(try read(data), reports, test: try read(test), history: history, self.reports)
    }

    private func plan(_ start: RetrainingStart, _ data: RetrainingData) async throws -> RetrainingPlan {
        let file = absolute(test)
        let settings = [
            "champion": start.version.version, "recipe": start.recipe.joined(separator: " "), "margin": "\(margin)",
            "data": "\(self.data) sha256:\(try await fileDigest(self.data))",
            "feedback": "\(feedback) sha256:\(data.reports.digest)", "feedback_weight": "\(reports.feedbackWeight)",
            "min_new": "\(reports.minNew)", "cap_per_class": reports.capPerClass.map { "\($0)" } ?? "half of the data",
        ]
        return RetrainingPlan(
            name: name, experiment: experiment, champion: start.version.version, recipe: start.recipe,
            test: .init(path: file, digest: try await fileDigest(file)), gate: gate,
            shipping: .init(
                targets: targets.target, targetOptions: targetOptions, repository: shipping.imageRepository,
                registryOptions: shipping.registry.arguments, rendering: shipping.rendering.rendering),
            settings: settings, reports: data.counts, start: milliseconds(Date()))
    }

    /// Does what is left, and tells the outcome.
    private func finish(_ plan: RetrainingPlan, in folder: RetrainingFolder, on server: MLflowServer) async throws {
        var retraining = Retraining(plan: plan, folder: folder, server: server)
        do {
            let (outcome, records, run) = try await retraining.run()
            let facts = records.reduce(into: [String: String]()) { $0.merge($1.facts) { $1 } }
            var result = RetrainingResult(name: plan.name, outcome: outcome, reports: plan.reports)
            (result.folder, result.run, result.steps) = (folder.path, run, records)
            (result.version, result.image) = (facts["version"], plan.shipping.repository == nil ? nil : facts["image"])
            result.reasons = records.last?.refusal?.reasons ?? []
            try show(result)
        } catch let failure as StepFailure {
            say(
                """
                pinson: the step '\(failure.step.rawValue)' has failed; its messages are above. Run the same command again \
                to go on with this step, or add '--restart' to start again.
                """)
            throw ExitCode(failure.status == 3 ? 3 : 2)
        }
    }

    private func show(_ result: RetrainingResult) throws {
        if json { try printJSON(result) } else { result.show(minNew: reports.minNew) }
        if ![.promoted, .waiting].contains(result.outcome) { throw ExitCode(1) }
    }

    private var experiment: String {
        [track, ProcessInfo.processInfo.environment["MLFLOW_EXPERIMENT_NAME"], name].lazy.compactMap { $0 }
            .first { !$0.isEmpty } ?? name
    }

    /// The options of `promote`, which decides whether the new model is good enough.
    private var gate: [String] {
        var gate = ["--margin", "\(margin)", "--metric", rules.metric, "--alpha", "\(rules.alpha)"]
        gate += ["--tolerate", "\(rules.tolerate)", "--resamples", "\(evaluation.resamples)"]
        gate += ["--seed", "\(evaluation.seed)", "--mistakes", "\(evaluation.mistakes)"]
        gate += rules.slice.flatMap { ["--slice", $0] } + (evaluation.positive.map { ["--positive", $0] } ?? [])
        gate += labelled.map.flatMap { ["--map", $0] } + ["--on-error", labelled.badRows.onError.rawValue]
        gate += labelled.columns.textColumn.map { ["--text-column", $0] } ?? []
        gate += labelled.columns.labelColumn.map { ["--label-column", $0] } ?? []
        return gate + (newTestSet ? ["--new-test-set"] : [])
    }

    private var targetOptions: [String] {
        (targets.limits.limits.map { ["--limits", absolute($0)] } ?? [])
            + (targets.program.map { ["--program", absolute($0)] } ?? [])
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
