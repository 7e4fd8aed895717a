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

    /// The length that the numbers of a text are scaled to have.
    public enum Norm: String, Sendable, CaseIterable {
        /// The square root of the sum of squares becomes 1.
        case euclidean = "norm"
        /// The sum of absolute values becomes 1.
        case absolute = "norm-l1"
    }

    /// A way to turn the counts of a block into numbers.
    public struct View: Sendable, Equatable {
        /// The index of the block.
        public var block: Int
        /// How a count becomes a number.
        public var counting: Counting
        /// Whether the number is multiplied by the inverse document frequency.
        public var usesFrequency: Bool
        /// The length that the numbers of a text are scaled to have, or nil if they are not scaled.
        public var norm: Norm?

        /// Creates a view.
        ///
        /// - Parameters:
        ///   - block: The index of the block.
        ///   - counting: How a count becomes a number.
        ///   - usesFrequency: Whether the number is multiplied by the inverse document frequency.
        ///   - norm: The length that the numbers of a text are scaled to have, or nil if they are not scaled.
        public init(block: Int, counting: Counting, usesFrequency: Bool, norm: Norm?) {
            self.block = block
            self.counting = counting
            self.usesFrequency = usesFrequency
            self.norm = norm
        }

        /// Reads a view as `text` writes it, or returns nil.
        init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 2, let block = Int(parts[0]), block >= 0, let counting = Counting(rawValue: parts[1])
            else { return nil }
            var options = parts[2...]
            let usesFrequency = options.first == "idf"
            if usesFrequency { options.removeFirst() }
            let norm = options.popFirst().map { Norm(rawValue: $0) }
            guard norm != .some(nil), options.isEmpty else { return nil }
            self.init(block: block, counting: counting, usesFrequency: usesFrequency, norm: norm ?? nil)
        }

        /// The view as text, such as `0:sublinear:idf:norm`.
        var text: String {
            "\(block):\(counting.rawValue)\(usesFrequency ? ":idf" : "")\(norm.map { ":\($0.rawValue)" } ?? "")"
        }
    }

    /// The blocks of n-grams, such as `token:1-3` or `token:1-3:hash=18`.
    public var blocks: [String]
    /// What is counted besides n-grams, such as `exclamations`.
    public var counts: [String]
    /// The table of each block.
    public var tables: [NgramTableSchema]
    /// The views, in the order of the weights.
    public var views: [View]
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int
    /// The words that are left out before neighbouring words are joined.
    public var stopWords: [String]
    /// The precision of the weights: 8 bits, or 32 bits.
    public var precision: Precision

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - blocks: The blocks of n-grams.
    ///   - features: The number of features of each block.
    ///   - views: The views.
    ///   - outputs: The number of outputs.
    ///   - counts: What is counted besides n-grams.
    ///   - stopWords: The words that are left out before neighbouring words are joined.
    ///   - precision: The precision of the weights. All but ``Precision/float32`` take 8 bits.
    public init(
        blocks: [String], features: [Int], views: [View], outputs: Int, counts: [String] = [], stopWords: [String] = [],
        precision: Precision = .int8
    ) {
        self.stopWords = stopWords
        self.precision = precision
        self.blocks = blocks
        self.counts = counts
        self.views = views
        self.outputs = outputs
        tables = features.enumerated().map {
            NgramTableSchema(
                "ngram.\($0)", features: $1, fingerprintBytes: precision == .float32 ? 8 : 2,
                hashBits: NgramTableSchema.hashBits(of: blocks[$0]))
        }
    }

    /// Whether the weights are integers with a factor for each output.
    public var isQuantized: Bool { precision != .float32 }

    /// The type of the elements of weights and frequencies.
    private var elements: TensorType { isQuantized ? .int8 : .float32 }

    /// The inverse document frequency of each feature: itself, or as a step from 0 to 255, (features).
    public func frequency(_ block: Int) -> TensorSchema {
        TensorSchema(Self.frequencyName(block), elements, [tables[block].features])
    }

    private static func frequencyName(_ block: Int) -> String { "ngram.\(block).idf" }

    /// The smallest inverse document frequency, and the size of a step, (2); only with 8 bits.
    public func frequencyRange(_ block: Int) -> TensorSchema {
        TensorSchema("ngram.\(block).idf_range", .float32, [2])
    }

    /// The weights of a view, (features, outputs).
    public func weight(_ view: Int) -> TensorSchema {
        TensorSchema("view.\(view).weight", elements, [tables[views[view].block].features, outputs])
    }

    /// The factor of the weights of each output of a view, (outputs); only with 8 bits.
    public func scale(_ view: Int) -> TensorSchema { TensorSchema("view.\(view).scale", .float32, [outputs]) }

    /// The weights of the other counts, such as exclamation marks, (counts, outputs).
    public var countWeight: TensorSchema { TensorSchema("counts.weight", .float32, [counts.count, outputs]) }

    /// The bias of each output, (outputs).
    public var bias: TensorSchema { TensorSchema("bias", .float32, [outputs]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] {
        var tensors: [TensorSchema] = []
        for block in blocks.indices {
            tensors += tables[block].tensors + [frequency(block)] + (isQuantized ? [frequencyRange(block)] : [])
        }
        for view in views.indices { tensors += [weight(view)] + (isQuantized ? [scale(view)] : []) }
        return tensors + (counts.isEmpty ? [] : [countWeight]) + [bias]
    }
}

extension LinearModelSchema {
    private enum Keys {
        static let blocks = MetadataKey.strings("pinson.linear.blocks")
        static let views = MetadataKey.strings("pinson.linear.views")
        static let stopWords = MetadataKey.strings("pinson.linear.stop_words")

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
        let hasStopWords = file.metadata[Keys.stopWords.name] != nil
        stopWords = hasStopWords ? try Keys.stopWords.value(in: file.metadata) : []
        precision = file.tensor(named: Self.frequencyName(0))?.type == .float32 ? .float32 : .int8
        tables = []
        for (block, text) in blocks.enumerated() {
            let name = "ngram.\(block)"
            guard let bits = NgramTableSchema.hashBits(of: text) else {
                tables.append(try NgramTableSchema(name, in: file))
                continue
            }
            guard 1...32 ~= bits else {
                throw .invalid(path: file.path, reason: "its n-grams '\(text)' have an invalid number of bits")
            }
            tables.append(NgramTableSchema(name, features: 1 << bits, hashBits: bits))
        }
    }

    /// The keys of the family as metadata.
    public var entries: [MetadataEntry] {
        let all = blocks + (counts.isEmpty ? [] : [Keys.counts + counts.joined(separator: "+")])
        return [Keys.blocks.entry(all), Keys.views.entry(views.map(\.text))]
            + (stopWords.isEmpty ? [] : [Keys.stopWords.entry(stopWords)])
    }
}
