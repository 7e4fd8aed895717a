import ArgumentParser
import ContainerImage
import Foundation
import Inference
import Tracking
import Training

struct Promote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a model the champion of a registered model, if it is better than the champion of now.",
        discussion: """
            The alias 'champion' of the registered model moves to the candidate only if the candidate is better on the \
            same tweets by a paired test, fits each --target, and is not worse on a category or a --slice. If a \
            condition does not hold, the exit code is 1 and the champion stays. If there is no champion yet, the \
            candidate needs to fit the targets only. The comparison is recorded as a run, and a local model file becomes \
            a version of the registered model. The server is that of MLFLOW_TRACKING_URI.
            """)

    @Argument(
        help: ArgumentHelp(
            "The candidate: a model file, or a model on the server, such as runs:/ID/model.", valueName: "model"),
        completion: .file(extensions: ["gguf"]))
    var model: String

    @Option(help: "The name of the registered model, which is created if it does not exist.")
    var name: String

    @OptionGroup var tweets: EvaluationData
    @OptionGroup var rules: PromotionRules
    @Option(
        help: ArgumentHelp(
            """
            Accept a candidate that is not proven to be better if it is not worse: the interval of 95 % of the difference \
            must not reach below minus this number of points, of which a measure of 1 has 100.
            """, valueName: "points"))
    var margin: Double?

    @Option(
        help: ArgumentHelp(
            """
            A CSV or JSON Lines file of labelled tweets that users have reported and that no model has learned. The \
            candidate must also be right more often on them, by the same paired test.
            """, valueName: "file"), completion: .file())
    var reported: String?

    @OptionGroup var targets: TargetConditions
    @OptionGroup var options: EvaluationOptions

    @Flag(help: "Accept that the champion was promoted on other tweets. All other conditions still count.")
    var newTestSet = false

    @Flag(help: "Promote the candidate although conditions do not hold. The version gets a tag that says so.")
    var force = false

    @Option(
        help: ArgumentHelp(
            """
            The name of the candidate's image in a registry, with its digest, as 'pinson image push' prints it. 'pinson \
            rollback' puts it back together with the version.
            """, valueName: "host/name@digest"))
    var image: String?

    @Option(
        help: ArgumentHelp(
            """
            The experiment of MLflow that records the comparison. The default is MLFLOW_EXPERIMENT_NAME, or else the name \
            of the registered model.
            """, valueName: "experiment"))
    var track: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard margin.map({ $0 >= 0 && $0.isFinite }) ?? true else {
            throw ValidationError(
                "The value '\(margin ?? 0)' is invalid for '--margin <points>': expected 0 or more.")
        }
        if let image, try Reference(image).digest == nil {
            throw ValidationError(
                "The value '\(image)' is invalid for '--image <host/name@digest>': expected a name with a digest, "
                    + "because a tag may be moved to another image.")
        }
        // The smallest probability that resamples can give is that of one in all of them, on both sides.
        let least = Int((2 / rules.alpha).rounded(.up)) - 1
        guard rules.metric == "accuracy" || options.resamples == 0 || options.resamples >= least else {
            throw ValidationError(
                "The value '\(options.resamples)' is invalid for '--resamples <resamples>': '--alpha \(rules.alpha)' "
                    + "needs \(least) or more, because fewer resamples cannot show it.")
        }
    }

    func run() async throws {
        try RegisteredModel.check(name: name)
        let targets = try self.targets.chosen()
        let server = try FetchedModel.server()
        let candidate = try await PromotionModel(model, on: server)
        let champion = Champion(of: name, on: server)
        let current = try await champion.current()
        let tweets = try self.tweets.read(labels: candidate.classifier.labels)
        let trial = PromotionTrial(
            candidate: candidate, champion: try await opened(current, on: server), tweets: tweets,
            reported: try reportedTweets(labels: candidate.classifier.labels),
            testSet: try await TestSet(tweets, file: self.tweets.data), rules: rules, margin: margin,
            options: options)
        var findings = try trial.findings(acceptsNewTestSet: newTestSet)
        findings.conditions += try await self.targets.conditions(candidate.path, targets)
        var result = self.result(trial, findings)
        let isAccepted = force || result.problems.isEmpty
        let record = PromotionRecord(trial: trial, findings: findings, server: server)
        let run = try record.run(result, experiment: experiment, isAccepted: isAccepted)
        result.run = run
        if isAccepted {
            var tags = forcedTags(result)
            tags[ModelTag.image] = image
            let version = try await record.version(result, run: run, tags: tags)
            result.candidate.version = version.version
            let outcome = try await champion.promote(version, over: current?.version)
            result.outcome = outcome == .done ? .promoted : .overtaken
            explain(outcome, version)
        }
        if json { try printJSON(result) } else { result.show(rules.measure) }
        guard result.outcome != .promoted else { return }
        let isUnknown = !isAccepted && result.problems.allSatisfy { $0.status == .unmeasured }
        throw ExitCode(isUnknown ? 3 : 1)
    }

    private func reportedTweets(labels: [String]) throws -> [Tweet] {
        guard let reported else { return [] }
        return try LabelledData.parse([]).read(reported, limit: .max, labels: labels, requiresLabels: true)
    }

    private var experiment: String {
        [track, ProcessInfo.processInfo.environment["MLFLOW_EXPERIMENT_NAME"], name].lazy.compactMap { $0 }
            .first { !$0.isEmpty } ?? name
    }

    /// The champion with its file.
    ///
    /// A file that cannot be read must not make a promotion with --force impossible.
    private func opened(_ version: ModelVersion?, on server: MLflowServer) async throws -> PromotionTrial.Champion? {
        guard let version else { return nil }
        do {
            let model = try await PromotionModel("mlflow:\(name)/\(version.version)", on: server)
            return PromotionTrial.Champion(version: version, model: model)
        } catch let error as TrackingError where error.isOutside && !error.isMissing {
            throw error
        } catch {
            return PromotionTrial.Champion(version: version, problem: "\(error)")
        }
    }

    private func result(_ trial: PromotionTrial, _ findings: PromotionTrial.Findings) -> PromotionResult {
        let metrics = Metrics(findings.answers.predictions)
        return PromotionResult(
            name: name, isForced: force, candidate: .init(model: model, digest: trial.candidate.digest),
            champion: trial.champion.map {
                .init(
                    model: "mlflow:\(name)/\($0.version.version)", digest: $0.model?.digest, version: $0.version.version
                )
            },
            testSet: trial.testSet, measure: rules.metric,
            value: rules.measure.value(metrics, positive: findings.answers.predictions.positive), test: findings.test,
            reportedTest: findings.reportedTest, slices: findings.slices, conditions: findings.conditions)
    }

    private func forcedTags(_ result: PromotionResult) -> [String: String] {
        guard force else { return [:] }
        return [ModelTag.forced: result.problems.isEmpty ? "all conditions held" : result.problems.summary]
    }

    private func explain(_ outcome: Champion.Outcome, _ version: ModelVersion) {
        switch outcome {
        case .done: break
        case .overtaken(let other):
            let now = other.map { "is version \($0)" } ?? "is no version"
            say(
                """
                pinson: the champion of \(name) \(now) now, which is not the one that the candidate was compared with. \
                The candidate is version \(version.version). Promote it again to compare it with the new champion.
                """)
        case .busy:
            say(
                """
                pinson: another program is changing the champion of \(name). The candidate is version \
                \(version.version). Promote it again later. If that program was stopped, its claim ends after five minutes.
                """)
        }
    }
}
