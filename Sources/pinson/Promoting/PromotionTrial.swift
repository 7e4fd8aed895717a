import ArgumentParser
import ContainerImage
import Inference
import Tracking
import Training

/// The comparison of a candidate with the champion on the same tweets.
struct PromotionTrial {
    let candidate: PromotionModel
    /// The champion, or nil if there is none.
    let champion: Champion?
    let tweets: [Tweet]
    /// Tweets that users have reported and that no model has learned; empty if none are asked for.
    let reported: [Tweet]
    let testSet: TestSet
    let rules: PromotionRules
    /// The points by which the candidate may be worse; nil if it must be better.
    let margin: Double?
    let options: EvaluationOptions

    /// The champion: its version, and its file or the reason why it cannot be read.
    struct Champion {
        var version: ModelVersion
        var model: PromotionModel?
        var problem = ""
    }

    /// What was found: the answers, the paired test, the slices, and the conditions that follow from them.
    struct Findings {
        var answers: ModelAnswers
        var championAnswers: ModelAnswers?
        var test: PairedTest?
        /// The paired test on the tweets that users have reported.
        var reportedTest: PairedTest?
        var slices: [SliceComparison] = []
        var conditions: [PromotionCondition] = []
    }

    /// Asks both models, and compares them.
    ///
    /// - Parameter acceptsNewTestSet: Whether the champion may have been promoted on other tweets.
    /// - Returns: What was found.
    /// - Throws: `ValidationError` if the options do not suit the models or the tweets, `ComparisonError` if the models
    ///   have no value of the measure, and `NotFiniteError` if an answer is not a number.
    func findings(acceptsNewTestSet: Bool) throws -> Findings {
        let labels = champion?.model?.classifier.labels ?? candidate.classifier.labels
        let positive = try options.positive(of: labels) ?? (labels.count == 2 ? 1 : nil)
        guard positive != nil || !rules.measure.needsPositive else {
            throw ValidationError(
                "'--metric \(rules.metric)' needs '--positive <label>', because the model has \(labels.count) labels."
            )
        }
        let positiveLabel = positive.map { labels[$0] }
        let groups = try rules.groups(tweets)
        guard let champion else { return Findings(answers: try answers(of: candidate, positiveLabel)) }
        let sameTests = condition(of: champion.version, acceptsNewTestSet)
        let own = candidate.classifier.labels
        guard let model = champion.model else {
            var findings = Findings(answers: try answers(of: candidate, positiveLabel))
            findings.conditions = [
                sameTests, PromotionCondition(.champion, "the champion can be read", .fails, champion.problem),
            ]
            return findings
        }
        guard Set(own) == Set(labels) else {
            var findings = Findings(answers: try answers(of: candidate, nil))
            findings.conditions = [
                sameTests,
                PromotionCondition(
                    .labels, "same labels", .fails, "the candidate has \(list(own)), the champion \(list(labels))"),
            ]
            return findings
        }
        let old = try answers(of: model, positiveLabel)
        var findings = Findings(answers: try answers(of: candidate, positiveLabel), championAnswers: old)
        let bootstrap = options.bootstrap ?? Bootstrap()
        let test = try PairedTest(rules.measure, old.predictions, findings.answers.predictions, bootstrap)
        let new = findings.answers.predictions.ordered(by: labels) ?? findings.answers.predictions
        findings.test = test
        findings.slices = groups.compactMap { SliceComparison($0, rules.measure, old.predictions, new) }
        var better = rules.condition(test, margin: margin)
        if candidate.digest == model.digest {
            (better.status, better.detail) = (.fails, "the candidate is the champion itself")
        }
        findings.conditions = [sameTests, better]
        if !reported.isEmpty {
            let (first, second) = (try onReported(model), try onReported(candidate))
            let test = try PairedTest(.overall(.accuracy), first, second, bootstrap)
            findings.reportedTest = test
            findings.conditions.append(rules.reportedCondition(test, count: reported.count))
        }
        findings.conditions += findings.slices.map(rules.condition)
        return findings
    }

    private func onReported(_ model: PromotionModel) throws -> Predictions {
        try ModelAnswers(model.classifier, path: model.path, reported, positive: nil).predictions
    }

    private func answers(of model: PromotionModel, _ positive: String?) throws -> ModelAnswers {
        say("asking \(model.name)".singleLine)
        let labels = model.classifier.labels
        return try ModelAnswers(
            model.classifier, path: model.path, tweets, positive: positive.flatMap(labels.firstIndex))
    }

    /// The condition that nobody looks for the test set on which the candidate happens to win.
    private func condition(of champion: ModelVersion, _ acceptsNewTestSet: Bool) -> PromotionCondition {
        let name = "same test set"
        guard let known = champion.tags[ModelTag.testSet] else {
            return PromotionCondition(
                .testSet, name, .holds, "the test set on which the champion was promoted is not recorded")
        }
        if testSet.isKnown(to: champion) {
            return PromotionCondition(.testSet, name, .holds, "the champion was promoted on the same tweets")
        }
        let file = champion.tags["pinson.test_set.name"].map { " of \($0)" } ?? ""
        let difference =
            "the champion was promoted on other tweets\(file) (\(known)), and this test set is \(testSet.digest)"
        if acceptsNewTestSet {
            return PromotionCondition(.testSet, name, .holds, "\(difference); --new-test-set accepts it")
        }
        return PromotionCondition(
            .testSet, name, .fails, "\(difference). Use the same tweets, or accept the new ones with --new-test-set")
    }

    private func list(_ labels: [String]) -> String { labels.map { "'\($0)'" }.joined(separator: ", ") }
}
