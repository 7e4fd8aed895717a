/// How a model was trained, so that it can be trained again on other data.
///
/// A file need not have it.
public struct TrainingRecipe: Sendable, Equatable {
    /// The approach and the options of `pinson train`, without those that name files, such as `logistic --c 2`.
    public var arguments: [String]

    /// Creates a recipe.
    ///
    /// - Parameter arguments: The approach and the options of `pinson train`.
    public init(_ arguments: [String]) { self.arguments = arguments }

    private static let key = MetadataKey.strings("pinson.training.arguments")

    /// Reads the recipe of a model file, or returns nil if it has none.
    ///
    /// - Parameter metadata: The metadata of the file.
    /// - Throws: `ModelFileError` if the value is not valid.
    public init?(_ metadata: Metadata) throws(ModelFileError) {
        guard metadata[Self.key.name] != nil else { return nil }
        arguments = try Self.key.value(in: metadata)
    }

    /// The recipe as metadata.
    public var entries: [MetadataEntry] { [Self.key.entry(arguments)] }
}
