/// A kind of n-grams of a text: runs of neighbouring words, or runs of neighbouring characters within a word.
public struct NgramBlock: Sendable, Equatable {
    /// What an n-gram is made of.
    public enum Unit: String, Sendable, CaseIterable {
        /// Words of two or more letters or digits; see ``WordSplitter/Rule/word``.
        case word
        /// Words of one or more letters or digits; see ``WordSplitter/Rule/anyword``.
        case anyword
        /// Words, mentions, links, and runs of other characters; see ``WordSplitter/Rule/tweet``.
        case token
        /// Characters of a word that stands between spaces, with a space at both ends.
        case character
    }

    /// What an n-gram is made of.
    public var unit: Unit
    /// The number of units of an n-gram.
    public var lengths: ClosedRange<Int>

    /// The most units of an n-gram.
    public static let longest = 8

    /// Creates a block.
    ///
    /// - Parameters:
    ///   - unit: What an n-gram is made of.
    ///   - lengths: The number of units of an n-gram, from 1 to ``longest``.
    public init(_ unit: Unit, _ lengths: ClosedRange<Int>) {
        precondition(lengths.lowerBound >= 1 && lengths.upperBound <= Self.longest)
        self.unit = unit
        self.lengths = lengths
    }

    /// Reads a block as ``description`` writes it, or returns nil.
    ///
    /// - Parameter description: A text such as `token:1-3`.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let unit = Unit(rawValue: String(parts[0])) else { return nil }
        let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard bounds.count == 2, let first = bounds[0], let last = bounds[1], first >= 1, first <= last,
            last <= Self.longest
        else { return nil }
        self.init(unit, first...last)
    }
}

extension NgramBlock: CustomStringConvertible {
    /// The block as text, such as `token:1-3`.
    public var description: String { "\(unit.rawValue):\(lengths.lowerBound)-\(lengths.upperBound)" }
}
