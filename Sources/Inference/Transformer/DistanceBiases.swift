import ModelFile

/// The numbers that are added to the logits of the attention, for each head and each distance between two tokens.
struct DistanceBiases: Sendable {
    /// The number of distances, from that of the last token before the first to that of the first before the last.
    let distances: Int
    /// (heads, distances).
    private let tensor: Tensor

    /// Opens the numbers, or returns nil if the schema has none.
    init?(_ file: ModelFile, _ schema: TransformerSchema) throws(ModelFileError) {
        guard let biases = schema.distanceBiases else { return nil }
        tensor = try file.tensor(biases)
        distances = biases.shape[1]
    }

    /// The address of the number that a query at `position` adds for the first key, less `position` columns.
    ///
    /// The kernel finds that of the query itself there, in the first head.
    func address(of position: Int) -> UnsafePointer<Float> {
        tensor.address(of: Float.self) + distances / 2 - position
    }
}
