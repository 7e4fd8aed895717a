/// What a pruning has left out.
public struct PruningReport: Codable, Equatable, Sendable {
    /// The numbers of word pieces and bytes of a model.
    public struct Size: Codable, Equatable, Sendable {
        /// The number of word pieces.
        public var pieces: Int
        /// The size of their vectors, in bytes.
        public var embeddings: Int
        /// The size of the model file, or of the weights of the checkpoint, in bytes.
        public var bytes: Int
    }

    /// The sizes before.
    public var before: Size
    /// The sizes after.
    public var after: Size
}
