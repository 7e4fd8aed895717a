import Foundation

/// Words and their vectors.
public struct WordVectors: Sendable, Equatable {
    /// The words.
    public let words: [String]
    /// The number of dimensions.
    public let width: Int
    /// The numbers, (words, dimensions).
    public let values: [Float]

    /// Creates vectors.
    ///
    /// - Parameters:
    ///   - words: The words, none of which holds white space.
    ///   - width: The number of dimensions.
    ///   - values: The numbers, (words, dimensions).
    public init(words: [String], width: Int, values: [Float]) {
        precondition(values.count == words.count * width)
        (self.words, self.width, self.values) = (words, width, values)
    }

    /// Reads the vectors of some of the words of a file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - isKept: Whether the vector of a word is kept, of which it receives the bytes. The default keeps all.
    /// - Throws: `VectorFileError` if the file is damaged.
    /// - Complexity: O(bytes of the file); memory for the vectors that are kept.
    public init(
        _ file: VectorFile, where isKept: (UnsafeBufferPointer<UInt8>) -> Bool = { _ in true }
    ) throws(VectorFileError) {
        var (words, values): ([String], [Float]) = ([], [])
        var row = [Float](repeating: 0, count: file.width)
        try file.forEachRow { (found) throws(VectorFileError) in
            guard isKept(found.word) else { return }
            try row.read(found)
            words.append(String(decoding: found.word, as: UTF8.self))
            values += row
        }
        self.init(words: words, width: file.width, values: values)
    }

    /// Writes the vectors.
    ///
    /// - Parameters:
    ///   - format: The format.
    ///   - write: Receives the bytes, part after part.
    /// - Throws: What `write` throws.
    public func write(_ format: VectorFile.Format, to write: ([UInt8]) throws -> Void) throws {
        var bytes: [UInt8] = []
        if format != .glove { bytes += Array("\(words.count) \(width)\n".utf8) }
        for (index, word) in words.enumerated() {
            bytes += Array(word.utf8)
            if format == .binary { bytes.append(0x20) }
            for value in values[index * width..<(index + 1) * width] {
                if format == .binary {
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
                } else {
                    bytes += Array(" \(value)".utf8)
                }
            }
            bytes.append(0x0A)
            if bytes.count > 1 << 16 {
                try write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try write(bytes)
    }
}

extension [Float] {
    /// Reads the numbers of a word.
    mutating func read(_ row: VectorFile.Row) throws(VectorFileError) {
        let result = withUnsafeMutableBufferPointer { values in
            Result { () throws(VectorFileError) in try row.read(into: values) }
        }
        try result.get()
    }
}
