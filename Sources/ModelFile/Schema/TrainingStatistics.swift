/// What texts and their predictions were like when the model was made, so that a change can be noticed later.
///
/// A file need not have it.
public struct TrainingStatistics: Sendable, Equatable {
    /// The mean of some numbers, and how far they lie apart.
    public struct Spread: Sendable, Equatable {
        /// The mean.
        public var mean: Float
        /// The standard deviation.
        public var deviation: Float

        /// Creates a spread.
        ///
        /// - Parameters:
        ///   - mean: The mean.
        ///   - deviation: The standard deviation.
        public init(mean: Float, deviation: Float) { (self.mean, self.deviation) = (mean, deviation) }
    }

    /// The number of texts that the model predicted.
    public var texts: Int
    /// How often it gave each label, in the order of the labels.
    public var labels: [Int]
    /// The scores of the labels that it gave.
    public var score: Spread
    /// The natural logarithms of one plus the number of characters of each text.
    public var length: Spread
    /// The share of the tokens of each text that the model does not know, or nil if the family does not count them.
    public var unknown: Spread?

    /// Creates statistics.
    ///
    /// - Parameters:
    ///   - texts: The number of texts that the model predicted.
    ///   - labels: How often it gave each label, in the order of the labels.
    ///   - score: The scores of the labels that it gave.
    ///   - length: The natural logarithms of one plus the number of characters of each text.
    ///   - unknown: The share of unknown tokens of each text.
    public init(texts: Int, labels: [Int], score: Spread, length: Spread, unknown: Spread?) {
        (self.texts, self.labels, self.score) = (texts, labels, score)
        (self.length, self.unknown) = (length, unknown)
    }
}

extension TrainingStatistics {
    /// The names of all keys.
    public static let keys = [
        Keys.texts.name, Keys.labels.name, Keys.scoreMean.name, Keys.scoreDeviation.name, Keys.lengthMean.name,
        Keys.lengthDeviation.name, Keys.unknownMean.name, Keys.unknownDeviation.name,
    ]

    private enum Keys {
        static let texts = MetadataKey.integer("pinson.drift.texts", in: 1...1_000_000_000)
        static let labels = MetadataKey.strings("pinson.drift.labels")
        static let scoreMean = MetadataKey.float("pinson.drift.score_mean", in: 0...1)
        static let scoreDeviation = MetadataKey.float("pinson.drift.score_deviation", in: 0...1)
        static let lengthMean = MetadataKey.float("pinson.drift.length_mean", in: 0...100)
        static let lengthDeviation = MetadataKey.float("pinson.drift.length_deviation", in: 0...100)
        static let unknownMean = MetadataKey.float("pinson.drift.unknown_mean", in: 0...1)
        static let unknownDeviation = MetadataKey.float("pinson.drift.unknown_deviation", in: 0...1)
    }

    /// Reads the statistics of a model file, or returns nil if it has none.
    ///
    /// - Parameters:
    ///   - metadata: The metadata of the file.
    ///   - count: The number of labels of the model.
    /// - Throws: `ModelFileError` if a key has a value that is not valid.
    public init?(_ metadata: Metadata, labels count: Int) throws(ModelFileError) {
        guard metadata[Keys.texts.name] != nil else { return nil }
        let texts = try Keys.texts.value(in: metadata)
        let labels = try Keys.labels.value(in: metadata).compactMap { Int($0) }
        guard labels.count == count, labels.allSatisfy({ (0...texts).contains($0) }), labels.reduce(0, +) == texts
        else {
            throw .invalid(
                path: metadata.path,
                reason: "'\(Keys.labels.name)' is \(labels), expected \(count) numbers whose sum is \(texts)")
        }
        (self.texts, self.labels) = (texts, labels)
        score = Spread(
            mean: try Keys.scoreMean.value(in: metadata), deviation: try Keys.scoreDeviation.value(in: metadata))
        length = Spread(
            mean: try Keys.lengthMean.value(in: metadata), deviation: try Keys.lengthDeviation.value(in: metadata))
        if metadata[Keys.unknownMean.name] != nil {
            unknown = Spread(
                mean: try Keys.unknownMean.value(in: metadata),
                deviation: try Keys.unknownDeviation.value(in: metadata))
        }
    }

    /// The statistics as metadata.
    public var entries: [MetadataEntry] {
        var entries = [
            Keys.texts.entry(texts), Keys.labels.entry(labels.map(String.init)), Keys.scoreMean.entry(score.mean),
            Keys.scoreDeviation.entry(score.deviation), Keys.lengthMean.entry(length.mean),
            Keys.lengthDeviation.entry(length.deviation),
        ]
        if let unknown {
            entries += [Keys.unknownMean.entry(unknown.mean), Keys.unknownDeviation.entry(unknown.deviation)]
        }
        return entries
    }
}
