import ArgumentParser
import Training

/// The labelled tweets that models are measured on.
struct EvaluationData: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A CSV or JSON Lines file with labelled tweets, or - for standard input.", valueName: "file"),
        completion: .file())
    var data: String

    @OptionGroup var labelled: LabelledData

    @Option(help: "The maximum number of tweets to read.")
    var limit: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else {
            throw ValidationError("The value '\(limit ?? 0)' is invalid for '--limit <limit>': expected 1 or more.")
        }
    }

    /// Reads the tweets.
    ///
    /// - Parameter labels: The labels of the model, at least two.
    /// - Returns: The tweets, at least one, with labels of the model.
    /// - Throws: `DataError` if the file cannot be read, has a bad row that the user does not skip, or has no tweets, and
    ///   `ValidationError` if '--map' is not valid.
    func read(labels: [String]) throws -> [Tweet] {
        let tweets = try labelled.read(data, limit: limit ?? .max, labels: labels, requiresLabels: true)
        guard !tweets.isEmpty else { throw DataError.noTweets(path: data) }
        return tweets
    }
}
