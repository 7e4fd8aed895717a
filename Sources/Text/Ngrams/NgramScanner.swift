/// Finds the n-grams of a text.
///
/// Training and serving use the same scanner, so both see the same n-grams.
public struct NgramScanner: Sendable {
    /// The kinds of n-grams that are found.
    public let blocks: [NgramBlock]
    private let splitters: [WordSplitter?]
    /// The hashes of the words of each block that are left out before neighbours are joined.
    private let stopWords: [Set<UInt64>]

    /// An occurrence of an n-gram.
    public struct Occurrence: Sendable {
        /// The n-gram's hash.
        public var hash: UInt64
        /// The position of the first byte of the n-gram in ``Text/bytes``.
        public var start: Int32
        /// The position after the n-gram's last byte.
        public var end: Int32
    }

    /// The memory that a scan writes to, which is used again for the next text.
    public struct Text: Sendable {
        /// The text, with single spaces between words and at both ends, and zeros after it.
        public fileprivate(set) var bytes: [UInt8] = []
        /// The n-grams of each block.
        public fileprivate(set) var occurrences: [[Occurrence]] = []
        fileprivate var words: [Occurrence] = []
        fileprivate var starts: [Int32] = []

        /// Creates memory for a scan.
        public init() {}
    }

    /// Creates a scanner.
    ///
    /// - Parameters:
    ///   - blocks: The kinds of n-grams to find.
    ///   - stopWords: Words that are left out, so that the words around them become neighbours. They do not change n-grams
    ///     of characters.
    public init(_ blocks: [NgramBlock], stopWords: [String] = []) {
        self.blocks = blocks
        self.stopWords = blocks.enumerated().map { index, block in
            block.unit == .character ? [] : Set(stopWords.map { block.hash(of: $0, inBlock: index) })
        }
        splitters = blocks.map { block in
            switch block.unit {
            case .word: WordSplitter(.word)
            case .anyword: WordSplitter(.anyword)
            case .token: WordSplitter(.tweet)
            case .character: nil
            }
        }
    }

    /// Finds the n-grams of a text.
    ///
    /// - Parameters:
    ///   - text: The text, as the text pipeline leaves it.
    ///   - result: Receives the n-grams. What it held before is lost.
    /// - Complexity: O(bytes of `text`) for each length of an n-gram.
    public func scan(_ text: borrowing TextBuffer, into result: inout Text) {
        text.withBytes { spread($0, into: &result.bytes) }
        if result.occurrences.count != blocks.count {
            result.occurrences = Array(repeating: [], count: blocks.count)
        }
        for (index, block) in blocks.enumerated() {
            result.occurrences[index].removeAll(keepingCapacity: true)
            let seed = NgramBlock.seed(index)
            if let splitter = splitters[index] {
                findWords(splitter, block, index, seed, &result)
            } else {
                findCharacters(block, index, seed, &result)
            }
        }
    }

    /// Writes a text with single spaces between words and at both ends, and then zeros.
    private func spread(_ text: UTF8Bytes, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(0x20)
        var index = text.endOfSpaces(from: 0)
        while index < text.count {
            let end = text.nextSpace(from: index)
            bytes.append(contentsOf: text[index..<end])
            bytes.append(0x20)
            index = text.endOfSpaces(from: end)
        }
        for _ in 0..<NgramHash.padding { bytes.append(0) }
    }

    private func findWords(
        _ splitter: WordSplitter, _ block: NgramBlock, _ index: Int, _ seed: UInt64, _ text: inout Text
    ) {
        text.words.removeAll(keepingCapacity: true)
        let stopWords = stopWords[index]
        text.bytes.withUnsafeBytes { bytes in
            let spread = UTF8Bytes(rebasing: bytes.bindMemory(to: UInt8.self).dropLast(NgramHash.padding))
            splitter.forEachWord(in: spread) { range in
                let hash = NgramHash.hash(bytes, range, seed: seed)
                guard stopWords.isEmpty || !stopWords.contains(hash) else { return }
                text.words.append(
                    Occurrence(hash: hash, start: Int32(range.lowerBound), end: Int32(range.upperBound)))
            }
        }
        var occurrences: [Occurrence] = []
        swap(&occurrences, &text.occurrences[index])
        defer { swap(&occurrences, &text.occurrences[index]) }
        for first in text.words.indices {
            var hash = text.words[first].hash
            for length in 1...block.lengths.upperBound {
                let last = first + length - 1
                guard last < text.words.count else { break }
                if length > 1 { hash = NgramHash.appending(text.words[last].hash, to: hash) }
                guard length >= block.lengths.lowerBound else { continue }
                occurrences.append(
                    Occurrence(hash: hash, start: text.words[first].start, end: text.words[last].end))
            }
        }
    }

    /// Finds the n-grams of characters of each word, which has a space at both ends.
    ///
    /// A word with fewer characters than an n-gram is one n-gram, once.
    private func findCharacters(_ block: NgramBlock, _ index: Int, _ seed: UInt64, _ text: inout Text) {
        // At most one n-gram of each length begins at a byte, so the array need not grow.
        let most = text.bytes.count * block.lengths.count
        text.occurrences[index] = Array(unsafeUninitializedCapacity: most) { occurrences, found in
            text.bytes.withUnsafeBytes { bytes in
                let count = bytes.count - NgramHash.padding
                var start = 0
                while start + 1 < count {
                    var end = start + 1
                    text.starts.removeAll(keepingCapacity: true)
                    text.starts.append(Int32(start))
                    while bytes[end] != 0x20 {
                        if bytes[end] & 0xC0 != 0x80 { text.starts.append(Int32(end)) }
                        end += 1
                    }
                    text.starts.append(Int32(end))
                    text.starts.append(Int32(end + 1))
                    text.starts.withUnsafeBufferPointer {
                        Self.findCharacters($0, bytes, block, seed, occurrences, &found)
                    }
                    start = end
                }
            }
        }
    }

    /// Appends the n-grams of a word whose characters begin at `starts`, the last of which is the end.
    private static func findCharacters(
        _ starts: UnsafeBufferPointer<Int32>, _ bytes: UnsafeRawBufferPointer, _ block: NgramBlock, _ seed: UInt64,
        _ occurrences: UnsafeMutableBufferPointer<Occurrence>, _ found: inout Int
    ) {
        let characters = starts.count - 1
        for length in block.lengths {
            let shown = min(length, characters)
            for first in 0...characters - shown {
                let (start, end) = (starts[first], starts[first + shown])
                let hash = NgramHash.hash(bytes, Int(start)..<Int(end), seed: seed)
                occurrences.initializeElement(at: found, to: Occurrence(hash: hash, start: start, end: end))
                found += 1
            }
            if length >= characters { break }
        }
    }
}
