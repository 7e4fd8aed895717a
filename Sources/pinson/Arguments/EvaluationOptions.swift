import ArgumentParser
import Training

/// The options that decide what is measured about the answers of a model.
struct EvaluationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The label that the areas under the curves and the positive class mean. The default is the second of two labels.",
            valueName: "label"))
    var positive: String?

    @Option(help: "The number of resamples for the intervals of 95 %. 0 leaves out the intervals.")
    var resamples = 1000

    @Option(help: "The seed of the resamples.")
    var seed: UInt64 = 1

    @Option(help: "The largest number of mistakes to list.")
    var mistakes = 20

    func validate() throws {
        guard (0...100_000).contains(resamples) else {
            throw ValidationError(
                "The value '\(resamples)' is invalid for '--resamples <resamples>': expected 0 to 100000.")
        }
        guard (0...10_000).contains(mistakes) else {
            throw ValidationError(
                "The value '\(mistakes)' is invalid for '--mistakes <mistakes>': expected 0 to 10000.")
        }
    }

    /// How the intervals are found, or nil for no intervals.
    var bootstrap: Bootstrap? { resamples == 0 ? nil : Bootstrap(resamples: resamples, seed: seed) }

    /// The index of the positive class.
    ///
    /// - Parameter labels: The labels of the model.
    /// - Returns: The index, or nil if the user has not named a label.
    /// - Throws: `ValidationError` if the model has no such label.
    func positive(of labels: [String]) throws -> Int? {
        guard let positive else { return nil }
        guard let index = labels.firstIndex(of: positive) else {
            throw ValidationError(
                "The value '\(positive)' is invalid for '--positive <label>': the labels of the model are "
                    + labels.map { "'\($0)'" }.joined(separator: ", ") + ".")
        }
        return index
    }
}
