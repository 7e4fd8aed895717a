import ArgumentParser
import Foundation
import Training

/// What makes a candidate better than the champion.
struct PromotionRules: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The measure by which the candidate must be better: accuracy, macro-f1, auc, or another one that 'compare' \
            shows; f1, precision or recall of the positive label.
            """, valueName: "measure"))
    var metric = "accuracy"

    @Option(
        help: ArgumentHelp(
            "The largest probability that a difference of this size is chance. A smaller value asks for more proof.",
            valueName: "probability"))
    var alpha = 0.05

    @Option(
        help: ArgumentHelp(
            """
            A part of the tweets on which the candidate must not be worse: a group such as emoji, length or negation, or \
            one slice of it, such as 'emoji=with emoji'. Repeat it for several. The categories of the data always count.
            """, valueName: "slice"))
    var slice: [String] = []

    @Option(
        help: ArgumentHelp(
            "By how much the candidate may be worse on a slice, in points, of which a measure of 1 has 100.",
            valueName: "points"))
    var tolerate = 1.0

    /// The measure that `metric` names.
    var measure: QualityMeasure { QualityMeasure(metric) ?? .overall(.accuracy) }

    func validate() throws {
        guard QualityMeasure(metric) != nil else {
            throw ValidationError(
                "The value '\(metric)' is invalid for '--metric <measure>': expected one of "
                    + QualityMeasure.allNames.joined(separator: ", ") + ".")
        }
        guard alpha > 0, alpha < 1 else {
            throw ValidationError(
                "The value '\(alpha)' is invalid for '--alpha <probability>': expected more than 0, less than 1.")
        }
        guard tolerate >= 0, tolerate.isFinite else {
            throw ValidationError("The value '\(tolerate)' is invalid for '--tolerate <points>': expected 0 or more.")
        }
    }

    /// The parts of the tweets that count: the categories, and the slices that the user has named.
    func groups(_ tweets: [Tweet]) throws -> [ExampleGroup] {
        let categories = ExampleGroup.categories(tweets.map(\.category))
        let known = ExampleGroup.traits(of: tweets.map(\.text)) + categories
        var chosen = Set(categories.indices.map { known.count - categories.count + $0 })
        for name in slice {
            let matching = known.indices.filter { known[$0].isNamed(name) }
            guard !matching.isEmpty else {
                let names = known.map { "'\($0.group.lowercased())=\($0.name)'" }.joined(separator: ", ")
                throw ValidationError(
                    "The value '\(name)' is invalid for '--slice <slice>': the slices of this data are "
                        + (names.isEmpty ? "none." : "\(names)."))
            }
            chosen.formUnion(matching)
        }
        return known.indices.filter(chosen.contains).map { known[$0] }
    }

    /// The condition that the candidate is better or, if there is a margin, not worse.
    func condition(_ test: PairedTest, margin: Double?) -> PromotionCondition {
        guard let margin else { return better(test, "\(measure.title) is better") }
        let name = "\(measure.title) is not worse"
        guard let interval = test.interval else {
            return PromotionCondition(.metric, name, .unmeasured, "there is no interval; use more --resamples")
        }
        // A difference that is exactly the limit must not fail because of rounding.
        return PromotionCondition(
            .metric, name, holds: 100 * interval.low >= -margin - 1e-9,
            "\(signed(100 * test.improvement)) points, interval of 95 % from \(signed(100 * interval.low)) to "
                + "\(signed(100 * interval.high)), wanted at least \(signed(-margin))")
    }

    /// The condition that the candidate is right more often on the tweets that users have reported.
    func reportedCondition(_ test: PairedTest, count: Int) -> PromotionCondition {
        var condition = better(test, "reported mistakes")
        condition.detail =
            "\(fixed(test.first, 4)) → \(fixed(test.second, 4)) on \(decimal(count)) reports, "
            + condition.detail
        return condition
    }

    private func better(_ test: PairedTest, _ name: String) -> PromotionCondition {
        let p = test.p < 0.0001 ? "p < 0.0001" : "p = \(fixed(test.p, 4))"
        let difference = signed(100 * test.improvement)
        let detail =
            test.improvement > 0
            ? "\(difference) points, \(p), wanted at most \(alpha)" : "\(difference) points, wanted more than 0"
        return PromotionCondition(.metric, name, holds: test.showsImprovement(alpha: alpha), detail)
    }

    /// The condition that the candidate is not worse on a slice.
    func condition(_ slice: SliceComparison) -> PromotionCondition {
        let points = 100 * slice.improvement
        // A difference that is exactly the limit must not fail because of rounding.
        return PromotionCondition(
            .slice, "\(slice.group): \(slice.name)", holds: points >= -tolerate - 1e-9,
            "\(fixed(slice.first, 4)) → \(fixed(slice.second, 4)), \(signed(points)) points on \(decimal(slice.count)) "
                + "tweets, wanted at least \(signed(-tolerate))")
    }

    private func signed(_ points: Double) -> String {
        let text = fixed(points, 1)
        return points > 0 ? "+\(text)" : text
    }
}

extension ExampleGroup {
    /// Whether `text` names the group, or the group and this slice of it.
    fileprivate func isNamed(_ text: String) -> Bool {
        let text = text.lowercased()
        return text == group.lowercased() || text == "\(group)=\(name)".lowercased()
    }
}
