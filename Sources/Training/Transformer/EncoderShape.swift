/// The sizes of a BERT or DistilBERT classifier, and where it drops values during training.
public struct EncoderShape: Sendable, Equatable {
    /// The kind of model, which decides about segments, dropout and the head.
    public enum Architecture: String, Sendable {
        /// BERT: segments, dropout after attention, and a head with tanh.
        case bert
        /// DistilBERT: no segments, no dropout after attention, and a head with ReLU.
        case distilbert
    }

    /// The probabilities with which values are dropped during training.
    public struct Dropout: Sendable, Equatable {
        /// For embeddings and the outputs of layers.
        public var hidden: Double
        /// For the weights of attention.
        public var attention: Double
        /// For the input of the classifier.
        public var head: Double

        /// Creates probabilities, each from 0 to less than 1.
        public init(hidden: Double, attention: Double, head: Double) {
            (self.hidden, self.attention, self.head) = (hidden, attention, head)
        }

        /// Nothing is dropped.
        public static let none = Self(hidden: 0, attention: 0, head: 0)
    }

    /// The kind of model.
    public var architecture: Architecture
    /// The number of tokens in the vocabulary.
    public var vocabulary: Int
    /// The largest number of tokens in a text.
    public var positions: Int
    /// The number of rows in the table of segments; 0 for DistilBERT.
    public var segments: Int
    /// The number of values in a hidden state.
    public var width: Int
    /// The width inside a feed-forward layer.
    public var inner: Int
    /// The number of layers.
    public var layers: Int
    /// The number of attention heads, which divides the width.
    public var heads: Int
    /// The number of classes.
    public var labels: Int
    /// The number that layer norm adds to the variance.
    public var epsilon: Float
    /// Where values are dropped during training.
    public var dropout: Dropout

    /// Creates a shape.
    public init(
        architecture: Architecture, vocabulary: Int, positions: Int, segments: Int, width: Int, inner: Int, layers: Int,
        heads: Int, labels: Int, epsilon: Float, dropout: Dropout
    ) {
        self.architecture = architecture
        self.vocabulary = vocabulary
        self.positions = positions
        self.segments = segments
        self.width = width
        self.inner = inner
        self.layers = layers
        self.heads = heads
        self.labels = labels
        self.epsilon = epsilon
        self.dropout = dropout
    }

    /// The width of a head.
    var headWidth: Int { width / heads }
}
