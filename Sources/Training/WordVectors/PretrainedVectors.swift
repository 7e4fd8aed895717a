public import Text

/// Vectors of words that were made before a training, found by the hashes of the words.
public struct PretrainedVectors: Sendable {
    /// The number of dimensions.
    public let width: Int
    /// The hash of each word that has a vector, in ascending order, as ``NgramScanner`` finds it in its first block.
    public let hashes: [UInt64]
    /// The numbers, (words, dimensions).
    public let values: [Float]

    /// Reads the vectors of some words from a file.
    ///
    /// The first vector of a word counts.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - words: The words. The vectors of all others are skipped.
    ///   - unit: What a word is; the same as for `words`.
    /// - Throws: `VectorFileError` if the file is damaged.
    public init(
        _ file: VectorFile, of words: WordCounts, _ unit: NgramBlock.Unit = .token
    ) throws(VectorFileError) {
        let block = NgramBlock(unit, 1...1)
        var missing = Set(words.words.map(\.hash))
        var (found, values): ([UInt64], [Float]) = ([], [])
        var row = [Float](repeating: 0, count: file.width)
        try file.forEachRow { (entry) throws(VectorFileError) in
            guard !entry.word.isEmpty, !entry.word.contains(0x20) else { return }
            let hash = block.hash(of: String(decoding: entry.word, as: UTF8.self), inBlock: 0)
            guard missing.remove(hash) != nil else { return }
            try row.read(entry)
            found.append(hash)
            values += row
        }
        self.init(found, width: file.width, values)
    }

    /// Sorts vectors by the hashes of their words.
    ///
    /// - Parameters:
    ///   - hashes: The hash of each word, in any order.
    ///   - width: The number of dimensions.
    ///   - values: The numbers, (words, dimensions).
    public init(_ hashes: [UInt64], width: Int, _ values: [Float]) {
        precondition(values.count == hashes.count * width)
        let order = hashes.indices.sorted { hashes[$0] < hashes[$1] }
        self.width = width
        self.hashes = order.map { hashes[$0] }
        self.values = order.flatMap { values[$0 * width..<($0 + 1) * width] }
    }

    /// What makes the mean square of the lengths of all vectors 1.
    var unitFactor: Float {
        let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
        return squares > 0 ? Float((Double(hashes.count) / squares).squareRoot()) : 1
    }

    /// The positions of the numbers of a word, or nil if it has no vector.
    ///
    /// - Parameter hash: The hash of the word.
    /// - Returns: Positions in ``values``.
    /// - Complexity: O(log words).
    public func range(of hash: UInt64) -> Range<Int>? {
        var (low, high) = (0, hashes.count)
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == hash ? low * width..<(low + 1) * width : nil
    }
}
