/// The sizes of a recurrent classifier: vectors of words, layers of long short-term memory (LSTM), and a linear layer.
///
/// - Source: Hochreiter and Schmidhuber 1997, "Long short-term memory"; Graves and Schmidhuber 2005 for two directions.
public struct RecurrentShape: Sendable, Equatable {
    /// How the outputs of the last layer for all words become one vector.
    public enum Pooling: String, Sendable, CaseIterable {
        /// The largest value of each unit.
        case max
        /// The mean of each unit.
        case mean
        /// The values after the last word that each direction reads.
        case last
    }

    /// The number of vectors of words.
    public var rows: Int
    /// The number of values of a vector.
    public var width: Int
    /// The number of units of a layer in each direction.
    public var units: Int
    /// The number of layers.
    public var layers: Int
    /// 2 if texts are read forwards and backwards, or 1 for forwards alone.
    public var directions: Int
    /// How the outputs for all words become one vector.
    public var pooling: Pooling
    /// The number of labels.
    public var labels: Int
    /// The probability that a value is dropped from the vectors and after each layer.
    public var dropout: Double

    /// Creates a shape.
    public init(
        rows: Int, width: Int, units: Int, layers: Int, directions: Int, pooling: Pooling, labels: Int, dropout: Double
    ) {
        (self.rows, self.width, self.units, self.layers) = (rows, width, units, layers)
        (self.directions, self.pooling, self.labels, self.dropout) = (directions, pooling, labels, dropout)
    }

    /// The number of values that the layers make of a word.
    var outputs: Int { directions * units }

    /// The number of inputs of a layer.
    func inputs(_ layer: Int) -> Int { layer == 0 ? width : outputs }
}
