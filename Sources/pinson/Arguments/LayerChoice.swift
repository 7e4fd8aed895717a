import ArgumentParser

/// The layers of a base from which a smaller model starts: a number of them, or which ones.
enum LayerChoice: ExpressibleByArgument {
    case count(Int)
    case list([Int])

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap { $0 }
        guard numbers.count == parts.count, let first = numbers.first else { return nil }
        self = numbers.count == 1 ? .count(first) : .list(numbers)
    }

    /// The layers, from 0.
    ///
    /// A number of layers is spread evenly from the first layer to the last one, as for DistilBERT.
    ///
    /// - Parameter count: The number of layers of the base.
    /// - Returns: Their numbers, ascending.
    /// - Throws: `ValidationError` if the base does not have them, or their order is another one.
    func layers(of count: Int) throws -> [Int] {
        switch self {
        case .count(let wanted):
            guard (1...count).contains(wanted) else {
                throw ValidationError(
                    "The value '\(wanted)' is invalid for '--layers <layers>': the base has \(count) layers.")
            }
            guard wanted > 1 else { return [0] }
            return (0..<wanted).map { index in
                Int((Double(index * (count - 1)) / Double(wanted - 1)).rounded(.toNearestOrEven))
            }
        case .list(let layers):
            guard layers.allSatisfy((0..<count).contains), zip(layers, layers.dropFirst()).allSatisfy(<) else {
                throw ValidationError(
                    "The value '\(layers.map(String.init).joined(separator: ","))' is invalid for '--layers <layers>': "
                        + "expected ascending numbers from 0 to \(count - 1), which are the layers of the base.")
            }
            return layers
        }
    }
}
