/// The sizes of a recurrent model.
public struct RecurrentSizes: Sendable, Equatable {
    /// How the outputs of the last layer become one vector.
    public enum Pooling: String, Sendable, CaseIterable {
        /// The largest value of each unit.
        case max
        /// The mean of each unit.
        case mean
        /// The values after the last word that each direction reads.
        case last
        /// The values at the last word, which a backward direction reads first.
        case end
    }

    /// A function of a hidden linear layer.
    public enum Activation: String, Sendable, CaseIterable { case linear, relu, tanh }

    /// A linear layer between the pooled vector and the head.
    public struct Hidden: Sendable, Equatable {
        /// The number of outputs.
        public var width: Int
        /// The function of the outputs.
        public var activation: Activation

        /// Creates a layer.
        public init(_ width: Int, _ activation: Activation) { (self.width, self.activation) = (width, activation) }

        /// Reads a layer such as `64:relu`, or returns nil.
        ///
        /// - Parameter text: The number of outputs and the function.
        public init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let width = Int(parts[0]), RecurrentSizes.widths.contains(width),
                let activation = Activation(rawValue: String(parts[1]))
            else { return nil }
            self.init(width, activation)
        }

        /// The layer as text, such as `64:relu`.
        var text: String { "\(width):\(activation.rawValue)" }
    }

    /// The numbers that a vector, a layer or a direction may have.
    public static let widths = 1...4096
    /// The numbers of layers of a model.
    public static let layerCounts = 1...8

    /// The number of units of a layer in each direction.
    public var units: Int
    /// The number of layers.
    public var layers: Int
    /// 2 if texts are read forwards and backwards, or 1 for forwards alone.
    public var directions: Int
    /// How the outputs of the last layer become one vector.
    public var pooling: Pooling
    /// The linear layers between the pooled vector and the head.
    public var hidden: [Hidden]

    /// Creates sizes.
    public init(units: Int, layers: Int, directions: Int, pooling: Pooling, hidden: [Hidden] = []) {
        (self.units, self.layers, self.directions) = (units, layers, directions)
        (self.pooling, self.hidden) = (pooling, hidden)
    }

    /// The number of values that a layer makes of a word.
    public var outputs: Int { directions * units }

    private enum Keys {
        static let units = MetadataKey.integer("pinson.recurrent.units", in: widths)
        static let layers = MetadataKey.integer("pinson.recurrent.layers", in: layerCounts)
        static let directions = MetadataKey.integer("pinson.recurrent.directions", in: 1...2)
        static let pooling = MetadataKey<Pooling>.choice("pinson.recurrent.pooling")
        static let hidden = MetadataKey.strings("pinson.recurrent.hidden")
    }

    init(_ file: ModelFile) throws(ModelFileError) {
        units = try Keys.units.value(in: file.metadata)
        layers = try Keys.layers.value(in: file.metadata)
        directions = try Keys.directions.value(in: file.metadata)
        pooling = try Keys.pooling.value(in: file.metadata)
        hidden = []
        for text in try Keys.hidden.value(in: file.metadata) {
            guard let layer = Hidden(text), hidden.count < Self.layerCounts.upperBound else {
                throw .invalid(path: file.path, reason: "its hidden layer '\(text)' is not valid")
            }
            hidden.append(layer)
        }
    }

    /// The sizes as metadata.
    var entries: [MetadataEntry] {
        [
            Keys.units.entry(units), Keys.layers.entry(layers), Keys.directions.entry(directions),
            Keys.pooling.entry(pooling), Keys.hidden.entry(hidden.map(\.text)),
        ]
    }
}
