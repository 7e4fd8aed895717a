/// Finds texts that are almost the same as another one, such as repeated and slightly changed tweets.
///
/// The similarity of two texts is that of Jaccard between their sets of three code points in a row, in small letters, with
/// one word for any link and one for any user name. Two texts can only be similar enough if they share one of the rarest
/// members of their sets, so few pairs are compared.
///
/// - Source: Chaudhuri, Ganti and Kaushik 2006, doi:10.1109/ICDE.2006.9, for the rarest members.
public struct NearDuplicates: Sendable {
    /// A text that is similar to another one.
    public struct Match: Equatable, Sendable {
        /// The position of the text.
        public var index: Int
        /// The similarity, from the threshold to 1.
        public var similarity: Double
    }

    /// The lowest similarity.
    public let threshold: Double
    /// The members of each text, the rarest first.
    private let members: [[Int32]]
    /// The texts that have a member among their rarest ones.
    private let texts: [Int32: [Int32]]

    /// The most code points of a text that are compared.
    private static let longest = 1000

    /// Prepares texts.
    ///
    /// Complexity: O(*n* log *n*) in the number of all characters.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - threshold: The lowest similarity, above 0 and at most 1.
    public init(_ texts: [String], threshold: Double = 0.6) {
        precondition(threshold > 0 && threshold <= 1)
        var numbers: [UInt64: Int32] = [:]
        var frequencies: [Int32] = []
        let sets = texts.map { text in
            Set(
                Self.triples(text).map { triple in
                    let number = numbers[triple, default: Int32(numbers.count)]
                    numbers[triple] = number
                    if number == frequencies.count { frequencies.append(0) }
                    return number
                })
        }
        for set in sets { for member in set { frequencies[Int(member)] += 1 } }
        members = sets.map { set in
            set.sorted { (frequencies[Int($0)], $0) < (frequencies[Int($1)], $1) }
        }
        self.threshold = threshold
        var index: [Int32: [Int32]] = [:]
        for (text, members) in members.enumerated() {
            for member in members.prefix(Self.prefix(members.count, threshold)) {
                index[member, default: []].append(Int32(text))
            }
        }
        self.texts = index
    }

    /// The texts that are similar to one of them.
    ///
    /// - Parameters:
    ///   - index: The position of the text.
    ///   - limit: The most texts to return.
    /// - Returns: The other texts, the most similar first.
    public func matches(of index: Int, limit: Int = 20) -> [Match] {
        let own = members[index]
        guard !own.isEmpty else { return [] }
        var candidates: Set<Int32> = []
        for member in own.prefix(Self.prefix(own.count, threshold)) {
            candidates.formUnion(texts[member] ?? [])
        }
        candidates.remove(Int32(index))
        let set = Set(own)
        let matches: [Match] = candidates.compactMap { candidate in
            let other = members[Int(candidate)]
            // The sizes alone bound the similarity.
            let bound = Double(min(own.count, other.count)) / Double(max(own.count, other.count))
            guard bound >= threshold else { return nil }
            let common = other.count(where: set.contains)
            let similarity = Double(common) / Double(own.count + other.count - common)
            return similarity >= threshold ? Match(index: Int(candidate), similarity: similarity) : nil
        }
        return Array(
            matches.sorted { ($1.similarity, $0.index) < ($0.similarity, $1.index) }.prefix(limit))
    }

    /// The number of members of which two similar texts share at least one.
    private static func prefix(_ count: Int, _ threshold: Double) -> Int {
        count == 0 ? 0 : count - Int((threshold * Double(count)).rounded(.up)) + 1
    }

    /// Three code points in a row, of a text that starts and ends with a space, each as one number of 63 bits.
    private static func triples(_ text: String) -> [UInt64] {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).map { word -> Substring in
            if word.hasPrefix("http://") || word.hasPrefix("https://") { return "<link>" }
            return word.hasPrefix("@") && word.utf8.count > 1 ? "<user>" : word
        }
        guard !words.isEmpty else { return [] }
        let scalars = " \(words.joined(separator: " ")) ".unicodeScalars.prefix(longest).map { UInt64($0.value) }
        return (0..<max(0, scalars.count - 2)).map { scalars[$0] << 42 | scalars[$0 + 1] << 21 | scalars[$0 + 2] }
    }
}
