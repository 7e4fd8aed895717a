/// Finds the words of a text between given characters, as the tokenizer of Keras does.
///
/// Every other character belongs to a word, also white space that is not among the given characters.
public struct SeparatedWords: Sendable {
    /// The characters between words.
    public let separators: String
    /// A bit for each separator of ASCII.
    private let ascii: (low: UInt64, high: UInt64)
    private let others: Set<UInt32>

    /// Creates a splitter.
    ///
    /// - Parameter separators: The characters between words, each of one code point.
    public init(_ separators: String) {
        self.separators = separators
        var (low, high, others): (UInt64, UInt64, Set<UInt32>) = (0, 0, [])
        for scalar in separators.unicodeScalars {
            switch scalar.value {
            case 0..<64: low |= 1 << UInt64(scalar.value)
            case 64..<128: high |= 1 << UInt64(scalar.value - 64)
            default: others.insert(scalar.value)
            }
        }
        (ascii, self.others) = ((low, high), others)
    }

    @inline(__always)
    private func isSeparator(_ value: UInt32) -> Bool {
        guard value >= 128 else { return (value < 64 ? ascii.low : ascii.high) &>> UInt64(value & 63) & 1 != 0 }
        return !others.isEmpty && others.contains(value)
    }

    /// The memory that a scan writes to, which is used again for the next text.
    public struct Memory: Sendable {
        fileprivate var bytes: [UInt8] = []

        /// Creates memory.
        public init() {}
    }

    /// Calls `body` with the hash of each word, from left to right.
    ///
    /// It is the hash that ``NgramBlock/hash(of:inBlock:)`` gives for the word in the block 0.
    ///
    /// - Parameters:
    ///   - text: The text, as the text pipeline leaves it.
    ///   - memory: Memory that the scan may use.
    ///   - body: Receives the hash of a word.
    public func forEachWord(
        in text: borrowing TextBuffer, _ memory: inout Memory, _ body: (_ hash: UInt64) -> Void
    ) {
        memory.bytes.removeAll(keepingCapacity: true)
        text.withBytes { memory.bytes.append(contentsOf: $0) }
        for _ in 0..<NgramHash.padding { memory.bytes.append(0) }
        memory.bytes.withUnsafeBytes { bytes in
            let text = UTF8Bytes(rebasing: bytes.bindMemory(to: UInt8.self).dropLast(NgramHash.padding))
            var (index, start) = (0, 0)
            func end(_ index: Int) {
                if index > start { body(NgramHash.hash(bytes, start..<index, seed: NgramBlock.seed(0))) }
            }
            while index < text.count {
                let (value, length) = text.codePoint(at: index)
                if isSeparator(value) {
                    end(index)
                    start = index + length
                }
                index += length
            }
            end(text.count)
        }
    }
}
