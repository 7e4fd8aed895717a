import Foundation
import Inference
import ModelFile
import Tracking
import Training

/// Records a promotion on the server: a run with the comparison, and a version of the registered model.
struct PromotionRecord {
    let trial: PromotionTrial
    let findings: PromotionTrial.Findings
    let server: MLflowServer

    /// Records a run with the evaluation of the candidate, and the model file if it is new and becomes a version.
    ///
    /// - Returns: The run on the server.
    /// - Throws: `TrackingError` if the run cannot be sent.
    func run(_ result: PromotionResult, experiment: String, isAccepted: Bool) throws -> String {
        let recorder = try RunRecorder(experiment: experiment, name: "promote")
        let (candidate, texts) = (trial.candidate, trial.tweets.map(\.text))
        let evaluation = evaluation(of: findings.answers)
        let page = EvaluationReport(
            model: candidate.classifier.name, data: trial.testSet.file, evaluation: evaluation,
            other: try findings.championAnswers.map { answers in
                EvaluationReport.OtherModel(
                    name: result.champion?.model ?? "", evaluation: self.evaluation(of: answers),
                    comparison: try Comparison(
                        answers.predictions, findings.answers.predictions, texts: texts,
                        bootstrap: trial.options.bootstrap))
            })
        recorder.add(evaluation, page: page)
        recorder.addData(
            trial.testSet.file, texts: texts.count, labels: candidate.classifier.labels, context: "evaluation")
        if isAccepted, candidate.origin == nil { recorder.addModel(candidate.path, candidate.classifier) }
        var params = [
            "model": candidate.name, "registered_model": result.name, "measure": result.measure,
            "alpha": "\(trial.rules.alpha)", "tolerate": "\(trial.rules.tolerate)",
        ]
        params["champion"] = result.champion?.model
        var metrics: [String: Double] = [:]
        if let test = findings.test {
            metrics = [
                "promotion/improvement": test.improvement, "promotion/p": test.p, "promotion/champion": test.first,
            ]
        }
        if let test = findings.reportedTest {
            metrics["promotion/reported_champion"] = test.first
            metrics["promotion/reported_candidate"] = test.second
            metrics["promotion/reported_p"] = test.p
        }
        let verdict = !isAccepted ? "refused" : result.problems.isEmpty ? "accepted" : "forced"
        var tags = [
            ModelTag.digest: candidate.digest, ModelTag.testSet: trial.testSet.digest, "pinson.promotion": verdict,
        ]
        if !result.problems.isEmpty { tags["pinson.promotion.problems"] = result.problems.summary }
        recorder.log(params: params, metrics: metrics, tags: tags)
        recorder.put(json: result, as: "promotion/promotion.json")
        recorder.finish(.finished)
        guard let run = recorder.sentRun else {
            throw TrackingError.unreachable(
                request: "the run of this promotion", reason: "the server does not have it, so nothing was promoted")
        }
        return run
    }

    private func evaluation(of answers: ModelAnswers) -> Evaluation {
        let categories = trial.tweets.map(\.category)
        return Evaluation(
            answers.predictions, texts: trial.tweets.map(\.text),
            categories: categories.contains { $0 != nil } ? categories : [], bootstrap: trial.options.bootstrap,
            mistakes: trial.options.mistakes)
    }

    /// Creates the version that becomes the champion, unless the candidate is one of this model already.
    ///
    /// - Parameters:
    ///   - result: The conditions.
    ///   - run: The run that records the comparison.
    ///   - tags: More tags of the version.
    /// - Returns: The version.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    func version(_ result: PromotionResult, run: String, tags: [String: String]) async throws -> ModelVersion {
        var tags = tags.merging(trial.testSet.tags) { $1 }
        tags[ModelTag.digest] = trial.candidate.digest
        if trial.candidate.origin != nil { tags["pinson.promotion.run"] = run }  // else the version names it itself
        tags["pinson.measure.\(result.measure)"] = (findings.test?.second ?? result.value).map { fixed($0, 6) }
        let targets = result.conditions.filter { $0.kind == .target && $0.status == .holds }.map(\.name)
        if !targets.isEmpty { tags["pinson.targets"] = targets.joined(separator: " ") }
        try await server.createModel(named: result.name, description: "Registered by Pinson.")
        let version: ModelVersion
        if let known = trial.candidate.origin?.version, known.name == result.name {
            version = known
        } else {
            let source: String
            if let origin = trial.candidate.origin {
                source = origin.source
            } else {
                source = "\(try await server.run(run).artifacts)/model"
            }
            version = try await server.create(
                NewModelVersion(
                    name: result.name, source: source, run: trial.candidate.origin.map(\.run) ?? run,
                    description: description(result), tags: tags))
        }
        try await server.set(tags, on: version)
        return version
    }

    private func description(_ result: PromotionResult) -> String {
        let tweets = "\(decimal(trial.testSet.tweets)) tweets of \(trial.testSet.file)"
        let family = trial.candidate.classifier.card.family
        guard let test = findings.test, let champion = result.champion else {
            return "A model of the family \(family), evaluated on \(tweets)."
        }
        return "A model of the family \(family). On \(tweets), its \(result.measure) is \(fixed(test.second, 4)); "
            + "that of \(champion.model) is \(fixed(test.first, 4))."
    }
}

extension [PromotionCondition] {
    /// The names of the conditions with what was found.
    var summary: String { map { "\($0.name): \($0.detail)" }.joined(separator: "; ") }
}
