import ArgumentParser
import Foundation
import Training

/// The options that say where the labels of tweets are, and which labels of the model they mean.
struct LabelledData: ParsableArguments {
    @OptionGroup var columns: ColumnOptions

    @Option(
        help: ArgumentHelp(
            "A label of the data, and the label of the model that it means. Repeat it for several labels.",
            valueName: "data=model"))
    var map: [String] = []

    @OptionGroup var badRows: BadRowOptions

    /// Whether the user has given none of the options.
    var isEmpty: Bool { map.isEmpty && columns.isEmpty && badRows.onError == .stop }

    /// Reads tweets whose labels are those of a model.
    ///
    /// - Parameters:
    ///   - path: The file, or `-` for standard input.
    ///   - limit: The largest number of tweets to read.
    ///   - labels: The labels of the model. Empty if the data may have any labels, as for a sentence encoder or a model
    ///     that is to be trained.
    ///   - requiresLabels: Whether a tweet without a label is an error.
    /// - Returns: The tweets with the labels of the model.
    /// - Throws: `DataError` if the file cannot be read or has a bad row that the user does not skip, such as one with a
    ///   label that the model does not know, and `ValidationError` if '--map' is not valid.
    func read(_ path: String, limit: Int, labels: [String], requiresLabels: Bool) throws -> [Tweet] {
        let meanings = try keyValuePairs(map, "--map <data=model>")
        // A model that is to be trained gets the labels of the data, with the names that the user gives them.
        let isNew = labels.isEmpty && requiresLabels
        for (label, meaning) in meanings.sorted(by: { $0.key < $1.key }) where !isNew && !labels.contains(meaning) {
            let known =
                labels.isEmpty ? "it has none" : "its labels are " + labels.map { "'\($0)'" }.joined(separator: ", ")
            throw ValidationError(
                "The value '\(label)=\(meaning)' is invalid for '--map <data=model>': "
                    + "the model has no label '\(meaning)'; \(known).")
        }
        var reader = try TweetReader(path: path, columns: columns.names)
        let name = reader.name
        func meaning(_ tweet: Tweet) -> Result<Tweet, DataError> {
            guard let label = tweet.label else {
                if requiresLabels { return .failure(.missingLabel(path: name, line: tweet.line)) }
                return .success(Tweet(text: tweet.text, line: tweet.line, isLatin1: tweet.isLatin1))
            }
            let meaning = meanings[label] ?? label
            guard labels.isEmpty || labels.contains(meaning) else {
                return .failure(.unknownLabel(path: name, line: tweet.line, label: label, known: labels))
            }
            return .success(
                Tweet(
                    text: tweet.text, label: meaning, line: tweet.line,
                    fields: tweet.fields.filter { $0.name == Tweet.categoryColumn }, isLatin1: tweet.isLatin1))
        }
        var badRows = BadRows(badRows.onError)
        var tweets: [Tweet] = []
        while tweets.count < limit, !badRows.hasStopped {
            let rows = try reader.next(min(limit - tweets.count, TextArguments.window))
            if rows.isEmpty { break }
            tweets += badRows.filter(rows.map { $0.flatMap(meaning) })
        }
        try badRows.finish(name)
        return tweets
    }
}

extension Tweet {
    /// The column that names a category of difficult tweets.
    static let categoryColumn = "category"

    /// The category, or nil if the data has none for this tweet.
    var category: String? {
        switch fields.first(where: { $0.name == Self.categoryColumn })?.value {
        case .text(let text): text.isEmpty ? nil : text
        case .json(let source): try? JSONDecoder().decode(String.self, from: Data(source))
        case nil: nil
        }
    }
}
