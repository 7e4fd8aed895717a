/// A decision tree over features that a text has or does not have.
///
/// The nodes are in the order in which they are visited if the branch without the feature comes first. So that branch of
/// a node begins at the next node.
public struct DecisionTree: Sendable, Equatable {
    /// The feature that each node asks for, or -1 for a leaf.
    public internal(set) var features: [Int32] = []
    /// For each node, the distance to the node where texts with the feature go on; 0 for a leaf.
    public internal(set) var jumps: [Int32] = []
    /// The share of each class among the texts at each node, (nodes, outputs): of the second class for two classes.
    public internal(set) var shares: [Float] = []

    /// The leaf where a text ends.
    ///
    /// - Parameter hasFeature: Whether the text has a feature.
    /// - Returns: The index of the node.
    func leaf(_ hasFeature: (Int32) -> Bool) -> Int {
        var node = 0
        while features[node] >= 0 { node += hasFeature(features[node]) ? Int(jumps[node]) : 1 }
        return node
    }
}
