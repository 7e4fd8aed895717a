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

    /// The number of bits of the hash that choose the feature of an n-gram, or nil if each n-gram is a feature of its own.
    ///
    /// With bits, there are 2^bits features, no table is needed to find them, and several n-grams share a feature.
    public var hashBits: Int?

    /// The most units of an n-gram.
    public static let longest = 8
    /// The numbers of bits that can choose a feature.
    public static let hashBitsRange = 8...24

    /// Creates a block.
    ///
    /// - Parameters:
    ///   - unit: What an n-gram is made of.
    ///   - lengths: The number of units of an n-gram, from 1 to ``longest``.
    ///   - hashBits: The number of bits of the hash that choose the feature of an n-gram, or nil.
    public init(_ unit: Unit, _ lengths: ClosedRange<Int>, hashBits: Int? = nil) {
        precondition(lengths.lowerBound >= 1 && lengths.upperBound <= Self.longest)
        self.unit = unit
        self.lengths = lengths
        self.hashBits = hashBits
    }

    /// Reads a block as ``description`` writes it, or returns nil.
    ///
    /// - Parameter description: A text such as `token:1-3` or `token:1-3:hash=18`.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard 2...3 ~= parts.count, let unit = Unit(rawValue: String(parts[0])) else { return nil }
        let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard bounds.count == 2, let first = bounds[0], let last = bounds[1], first >= 1, first <= last,
            last <= Self.longest
        else { return nil }
        var hashBits: Int?
        if parts.count == 3 {
            guard parts[2].hasPrefix(Self.hashPrefix), let bits = Int(parts[2].dropFirst(Self.hashPrefix.count)),
                Self.hashBitsRange.contains(bits)
            else { return nil }
            hashBits = bits
        }
        self.init(unit, first...last, hashBits: hashBits)
    }

    private static let hashPrefix = "hash="
}

extension NgramBlock: CustomStringConvertible {
    /// The block as text, such as `token:1-3` or `token:1-3:hash=18`.
    public var description: String {
        "\(unit.rawValue):\(lengths.lowerBound)-\(lengths.upperBound)"
            + (hashBits.map { ":\(Self.hashPrefix)\($0)" } ?? "")
    }
}
