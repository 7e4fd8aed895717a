/// The tensors of a table that finds the feature of an n-gram by the n-gram's hash.
///
/// Features are sorted by hash and divided into buckets. A look-up compares the fingerprints of one bucket.
public struct NgramTableSchema: Sendable, Equatable {
    /// The prefix of the tensors' names, such as `ngram.0`.
    public let name: String
    /// The number of features.
    public let features: Int
    /// The number of buckets.
    public let buckets: Int

    /// The average number of features of a bucket.
    public static let featuresPerBucket = 8

    /// Declares a table.
    ///
    /// - Parameters:
    ///   - name: The prefix of the tensors' names.
    ///   - features: The number of features.
    public init(_ name: String, features: Int) {
        self.name = name
        self.features = features
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
        features = try Self.size(of: "\(name).fingerprint", in: file)
        buckets = try Self.size(of: "\(name).bucket", in: file) - 1
        guard buckets > 0 else {
            throw .invalid(path: file.path, reason: "its table '\(name).bucket' has no buckets")
        }
    }

    private static func size(of name: String, in file: ModelFile) throws(ModelFileError) -> Int {
        guard let size = file.tensor(named: name)?.shape.first else {
            throw .missingTensor(path: file.path, name: name)
        }
        return size
    }

    /// The first feature of each bucket, and the number of features at the end, (buckets + 1).
    public var bucket: TensorSchema { TensorSchema("\(name).bucket", .int32, [buckets + 1]) }

    /// The lower 16 bits of the hash of each feature, (features, 2).
    public var fingerprint: TensorSchema { TensorSchema("\(name).fingerprint", .int8, [features, 2]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { [bucket, fingerprint] }
}
