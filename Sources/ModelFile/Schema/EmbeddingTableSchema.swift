/// The tensors of a table of vectors: a row of integers of 8 bits for each word or n-gram.
///
/// The hash of a word or an n-gram finds its row. A number of a row is its integer times the factor of the row, or times
/// the factor of the table if all rows share one.
public struct EmbeddingTableSchema: Sendable, Equatable {
    /// The numbers that a row may have.
    public static let widths = 1...4096

    /// Which rows a factor belongs to.
    public enum Scaling: Sendable, CaseIterable {
        /// Each row has a factor, which suits long rows of different size.
        case row
        /// All rows share a factor, which suits rows of one or two numbers.
        case table
    }

    /// Finds the row of a hash.
    ///
    /// Its features are the rows.
    public let table: NgramTableSchema
    /// The number of numbers of a row.
    public let width: Int
    /// Which rows a factor belongs to.
    public let scaling: Scaling

    /// Declares a table.
    ///
    /// - Parameters:
    ///   - table: Finds the row of a hash. Its name is the prefix of the names of all tensors.
    ///   - width: The number of numbers of a row, one of ``widths``.
    ///   - scaling: Which rows a factor belongs to.
    public init(_ table: NgramTableSchema, width: Int, scaling: Scaling = .row) {
        self.table = table
        self.width = width
        self.scaling = scaling
    }

    /// Reads the size of a table from its tensors.
    ///
    /// - Parameters:
    ///   - name: The prefix of the tensors' names.
    ///   - file: The file.
    ///   - hashBits: The number of bits of the hash that are the row, or nil if rows are looked up.
    /// - Throws: `ModelFileError` if a tensor is missing or the sizes are not valid.
    public init(_ name: String, in file: ModelFile, hashBits: Int? = nil) throws(ModelFileError) {
        if let hashBits {
            table = NgramTableSchema(name, features: 1 << hashBits, hashBits: hashBits)
        } else {
            table = try NgramTableSchema(name, in: file)
        }
        let weight = "\(name).weight"
        guard let shape = file.tensor(named: weight)?.shape else {
            throw .missingTensor(path: file.path, name: weight)
        }
        guard shape.count == 2, Self.widths.contains(shape[1]) else {
            throw .invalid(
                path: file.path,
                reason: "the shape of '\(weight)' is \(shape), expected rows of \(Self.widths.lowerBound) to "
                    + "\(Self.widths.upperBound) numbers")
        }
        width = shape[1]
        let factors = file.tensor(named: "\(name).scale")?.shape.first
        scaling = factors == 1 && table.features > 1 ? .table : .row
    }

    /// The integers of the rows, (rows, width).
    public var weight: TensorSchema { TensorSchema("\(table.name).weight", .int8, [table.features, width]) }

    /// The factor of each row, (rows), or of the table, (1).
    public var scale: TensorSchema {
        TensorSchema("\(table.name).scale", .float32, [scaling == .row ? table.features : 1])
    }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { table.tensors + [weight, scale] }
}
