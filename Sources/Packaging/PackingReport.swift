/// The result of packing: what the model is, and the size of each part of the file.
public struct PackingReport: Codable, Equatable, Sendable {
    /// One part of the file.
    public struct Part: Codable, Equatable, Sendable {
        /// The common prefix of the part's tensors.
        public var name: String
        /// The size of the part's tensors, in bytes.
        public var bytes: Int
    }

    /// The model's name.
    public var name: String
    /// The checkpoint's architecture, as config.json names it.
    public var architecture: String
    /// The labels.
    ///
    /// Empty for a sentence encoder.
    public var labels: [String]
    /// The steps that change a text before it is tokenized.
    ///
    /// Nil for a model of scikit-learn.
    public var preprocessing: [String]?
    /// The number of weights in the checkpoint that were packed.
    public var parameters: Int
    /// The parts, in file order.
    public var parts: [Part]
    /// The size of the file, in bytes.
    public var bytes: Int
    /// The number of n-grams of a model of scikit-learn that have the fingerprint of another one, which stands for both.
    ///
    /// Nil if the file has whole hashes, or if this is another kind of model.
    public var sharedFingerprints: Int?
}
