/// The keys and tensors of a linear model over n-grams.
///
/// Each block of n-grams has a table that finds the feature of an n-gram. Each view turns the counts of one block into
/// numbers and has a weight for each feature and output. A logit is the bias plus the sum over all views, plus the sum
/// over the other counts, such as exclamation marks.
public struct LinearModelSchema: Sendable, Equatable {
    /// The name of the family in a model file.
    public static let family = "linear"

    /// How a view turns the count of an n-gram into a number.
    public enum Counting: String, Sendable, CaseIterable {
        /// The count.
        case count
        /// One plus the natural logarithm of the count.
        case sublinear
        /// One for an n-gram that occurs.
        case binary
    }

    /// A way to turn the counts of a block into numbers.
    public struct View: Sendable, Equatable {
        /// The index of the block.
        public var block: Int
        /// How a count becomes a number.
        public var counting: Counting
        /// Whether the number is multiplied by the inverse document frequency.
        public var usesFrequency: Bool
        /// Whether the numbers of a text are scaled to the Euclidean length 1.
        public var normalizes: Bool

        /// Creates a view.
        ///
        /// - Parameters:
        ///   - block: The index of the block.
        ///   - counting: How a count becomes a number.
        ///   - usesFrequency: Whether the number is multiplied by the inverse document frequency.
        ///   - normalizes: Whether the numbers of a text are scaled to the Euclidean length 1.
        public init(block: Int, counting: Counting, usesFrequency: Bool, normalizes: Bool) {
            self.block = block
            self.counting = counting
            self.usesFrequency = usesFrequency
            self.normalizes = normalizes
        }

        /// Reads a view as `text` writes it, or returns nil.
        init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 2, let block = Int(parts[0]), block >= 0, let counting = Counting(rawValue: parts[1])
            else { return nil }
            let options = Set(parts[2...])
            guard options.isSubset(of: ["idf", "norm"]), options.count == parts.count - 2 else { return nil }
            self.init(
                block: block, counting: counting, usesFrequency: options.contains("idf"),
                normalizes: options.contains("norm"))
        }

        /// The view as text, such as `0:sublinear:idf:norm`.
        var text: String {
            "\(block):\(counting.rawValue)\(usesFrequency ? ":idf" : "")\(normalizes ? ":norm" : "")"
        }
    }

    /// The blocks of n-grams, such as `token:1-3`.
    public var blocks: [String]
    /// What is counted besides n-grams, such as `exclamations`.
    public var counts: [String]
    /// The table of each block.
    public var tables: [NgramTableSchema]
    /// The views, in the order of the weights.
    public var views: [View]
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - blocks: The blocks of n-grams.
    ///   - features: The number of features of each block.
    ///   - views: The views.
    ///   - outputs: The number of outputs.
    ///   - counts: What is counted besides n-grams.
    public init(blocks: [String], features: [Int], views: [View], outputs: Int, counts: [String] = []) {
        self.blocks = blocks
        self.counts = counts
        self.views = views
        self.outputs = outputs
        tables = features.enumerated().map { NgramTableSchema("ngram.\($0)", features: $1) }
    }

    /// The inverse document frequency of each feature as a step from 0 to 255, (features).
    public func frequency(_ block: Int) -> TensorSchema {
        TensorSchema("ngram.\(block).idf", .int8, [tables[block].features])
    }

    /// The smallest inverse document frequency, and the size of a step, (2).
    public func frequencyRange(_ block: Int) -> TensorSchema {
        TensorSchema("ngram.\(block).idf_range", .float32, [2])
    }

    /// The weights of a view, (features, outputs).
    public func weight(_ view: Int) -> TensorSchema {
        TensorSchema("view.\(view).weight", .int8, [tables[views[view].block].features, outputs])
    }

    /// The factor of the weights of each output of a view, (outputs).
    public func scale(_ view: Int) -> TensorSchema { TensorSchema("view.\(view).scale", .float32, [outputs]) }

    /// The weights of the other counts, such as exclamation marks, (counts, outputs).
    public var countWeight: TensorSchema { TensorSchema("counts.weight", .float32, [counts.count, outputs]) }

    /// The bias of each output, (outputs).
    public var bias: TensorSchema { TensorSchema("bias", .float32, [outputs]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] {
        blocks.indices.flatMap { tables[$0].tensors + [frequency($0), frequencyRange($0)] }
            + views.indices.flatMap { [weight($0), scale($0)] } + (counts.isEmpty ? [] : [countWeight]) + [bias]
    }
}

extension LinearModelSchema {
    private enum Keys {
        static let blocks = MetadataKey.strings("pinson.linear.blocks")
        static let views = MetadataKey.strings("pinson.linear.views")

        /// Begins the block of what is counted besides n-grams, which is the last one.
        static let counts = "counts:"
    }

    /// Reads the schema of a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a key or a tensor is missing or not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        blocks = try Keys.blocks.value(in: file.metadata)
        counts = []
        if let last = blocks.last, last.hasPrefix(Keys.counts) {
            counts = last.dropFirst(Keys.counts.count).split(separator: "+", omittingEmptySubsequences: false)
                .map(String.init)
            blocks.removeLast()
        }
        views = []
        for text in try Keys.views.value(in: file.metadata) {
            guard let view = View(text), view.block < blocks.count else {
                throw .invalid(path: file.path, reason: "its view '\(text)' is not valid")
            }
            views.append(view)
        }
        guard !blocks.isEmpty, !views.isEmpty else {
            throw .invalid(path: file.path, reason: "it has no blocks or no views of n-grams")
        }
        outputs = card.labels.count == 2 ? 1 : card.labels.count
        tables = []
        for block in blocks.indices { tables.append(try NgramTableSchema("ngram.\(block)", in: file)) }
    }

    /// The keys of the family as metadata.
    public var entries: [MetadataEntry] {
        let all = blocks + (counts.isEmpty ? [] : [Keys.counts + counts.joined(separator: "+")])
        return [Keys.blocks.entry(all), Keys.views.entry(views.map(\.text))]
    }
}
