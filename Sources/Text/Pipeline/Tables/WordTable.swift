/// A sorted table of words in the constant data of the program, so that nothing is built when the program starts.
///
/// An entry is a line: a word, or a word, a space, and the text that belongs to it. The lines are in the order of their
/// bytes.
struct WordTable: Sendable {
    private let lines: StaticString

    /// Creates a table.
    init(_ lines: StaticString) { self.lines = lines }

    /// All lines, without their ends.
    var bytes: UTF8Bytes { UTF8Bytes(start: lines.utf8Start, count: lines.utf8CodeUnitCount) }

    /// Returns the text that the table has for `word`.
    ///
    /// It may be empty. Nil means that the table does not have the word.
    ///
    /// - Complexity: O(log of the number of bytes in the table) comparisons of words.
    func value(of word: some RandomAccessCollection<UInt8>) -> Slice<UTF8Bytes>? {
        let bytes = bytes
        var low = 0
        var high = bytes.count
        while low < high {
            var start = (low + high) / 2
            while start > low, bytes[start - 1] != Self.newline { start -= 1 }
            switch compare(word, in: bytes, at: start) {
            case .isBefore: high = start
            case .isAfter: low = endOfLine(in: bytes, from: start) + 1
            case .isEqual(let end):
                let lineEnd = endOfLine(in: bytes, from: end)
                return bytes[Swift.min(end + 1, lineEnd)..<lineEnd]
            }
        }
        return nil
    }

    /// Whether the table has an entry for `word`.
    func contains(_ word: some RandomAccessCollection<UInt8>) -> Bool { value(of: word) != nil }

    private static let newline: UInt8 = 0x0A
    private static let space: UInt8 = 0x20

    private enum Order {
        case isBefore, isAfter
        /// The word is the entry's; the index is that of the byte after it.
        case isEqual(Int)
    }

    /// Compares `word` with the word that begins at `start`.
    private func compare(_ word: some RandomAccessCollection<UInt8>, in bytes: UTF8Bytes, at start: Int) -> Order {
        var index = start
        for byte in word {
            guard index < bytes.count, bytes[index] > Self.space else { return .isAfter }
            if byte != bytes[index] { return byte < bytes[index] ? .isBefore : .isAfter }
            index += 1
        }
        return index == bytes.count || bytes[index] <= Self.space ? .isEqual(index) : .isBefore
    }

    private func endOfLine(in bytes: UTF8Bytes, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != Self.newline { end += 1 }
        return end
    }
}
