/// The tensors of a table that finds the feature of an n-gram by the n-gram's hash.
///
/// Features are sorted by hash and divided into buckets. A look-up compares the fingerprints of one bucket. A table
/// whose features are the first bits of the hash has no tensors.
public struct NgramTableSchema: Sendable, Equatable {
    /// The prefix of the tensors' names, such as `ngram.0`.
    public let name: String
    /// The number of features.
    public let features: Int
    /// The number of buckets.
    public let buckets: Int
    /// The number of bytes of a fingerprint: 2, or 8 for the whole hash.
    ///
    /// With 2, an unknown n-gram is taken for a known one with a probability of about 1 in 8,000.
    public let fingerprintBytes: Int
    /// The number of bits of the hash that are the feature, or nil if features are looked up.
    public let hashBits: Int?

    /// The average number of features of a bucket.
    public static let featuresPerBucket = 8

    /// Declares a table.
    ///
    /// - Parameters:
    ///   - name: The prefix of the tensors' names.
    ///   - features: The number of features.
    ///   - fingerprintBytes: The number of bytes of a fingerprint: 2, or 8 for the whole hash.
    ///   - hashBits: The number of bits of the hash that are the feature, or nil if features are looked up.
    public init(_ name: String, features: Int, fingerprintBytes: Int = 2, hashBits: Int? = nil) {
        self.name = name
        self.features = features
        self.fingerprintBytes = fingerprintBytes
        self.hashBits = hashBits
        buckets = max(1, features / Self.featuresPerBucket)
    }

    /// Reads the size of a table from its tensors.
    ///
    /// - Parameters:
    ///   - name: The prefix of the tensors' names.
    ///   - file: The file.
    /// - Throws: `ModelFileError` if a tensor is missing or the table has no buckets.
    public init(_ name: String, in file: ModelFile) throws(ModelFileError) {
        self.name = name
        hashBits = nil
        let shape = try Self.shape(of: "\(name).fingerprint", in: file)
        features = shape[0]
        fingerprintBytes = shape.last == 8 ? 8 : 2
        buckets = try Self.shape(of: "\(name).bucket", in: file)[0] - 1
        guard buckets > 0 else {
            throw .invalid(path: file.path, reason: "its table '\(name).bucket' has no buckets")
        }
    }

    private static func shape(of name: String, in file: ModelFile) throws(ModelFileError) -> [Int] {
        guard let shape = file.tensor(named: name)?.shape, !shape.isEmpty else {
            throw .missingTensor(path: file.path, name: name)
        }
        return shape
    }

    /// The number of bits of the hash that are the feature of an n-gram, which ends the text of such a block; else nil.
    ///
    /// - Parameter block: The text of a block, such as `token:1-3:hash=18`.
    /// - Returns: The number of bits, or nil if the n-grams are listed.
    static func hashBits(of block: String) -> Int? {
        let prefix = "hash="
        return block.split(separator: ":").last.flatMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count)) : nil }
    }

    /// The first feature of each bucket, and the number of features at the end, (buckets + 1).
    public var bucket: TensorSchema { TensorSchema("\(name).bucket", .int32, [buckets + 1]) }

    /// The lower bits of the hash of each feature, (features, fingerprint bytes).
    public var fingerprint: TensorSchema {
        TensorSchema("\(name).fingerprint", .int8, [features, fingerprintBytes])
    }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { hashBits == nil ? [bucket, fingerprint] : [] }
}
