/// A file of word vectors, in the formats of word2vec and GloVe.
///
/// The file is mapped, so a file of many gigabytes needs little memory: whoever reads it keeps what is needed.
public struct VectorFile: Sendable {
    /// How words and numbers are written.
    public enum Format: String, CaseIterable, Sendable {
        /// A line with the number of words and of dimensions; then a line for each word with its numbers, with spaces
        /// between them.
        case text
        /// The same first line; then for each word the word, a space, the numbers as little-endian float32, and a line end
        /// that may be missing.
        case binary
        /// The lines of ``text`` without the first one.
        case glove
    }

    /// The numbers of dimensions that are read.
    public static let widths = 1...4096

    /// The file's path.
    public let path: String
    /// How words and numbers are written.
    public let format: Format
    /// The number of dimensions.
    public let width: Int
    /// The number of words that the first line names, or nil if the format has no such line.
    public let count: Int?
    let file: MappedBytes
    /// The position of the first vector.
    let start: Int

    /// Opens a file and finds out its format.
    ///
    /// - Parameter path: A regular file.
    /// - Throws: `VectorFileError` if the file cannot be read or has none of the formats.
    public init(path: String) throws(VectorFileError) {
        let file = try MappedBytes(path: path)
        (self.path, self.file) = (path, file)
        let bytes = file.bytes
        guard !bytes.starts(with: [0x1F, 0x8B]) else { throw .compressed(path: path) }
        let end = bytes.endOfLine(from: 0)
        let first = VectorFile.fields(bytes, 0..<end)
        let header = first.map { Int(String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self)) }
        if header.count == 2, let count = header[0], let width = header[1], count >= 0 {
            (self.count, self.width, start) = (count, width, min(end + 1, bytes.count))
            let line = start..<bytes.endOfLine(from: start)
            format = VectorFile.numbers(bytes, line).count >= width && !line.isEmpty ? .text : .binary
        } else {
            // A word may hold spaces and numbers, and a line may be damaged, so most of the first lines decide.
            var (lines, place) = ([Int: Int](), 0)
            for _ in 0..<16 where place < bytes.count {
                let line = place..<bytes.endOfLine(from: place)
                lines[VectorFile.numbers(bytes, line).count, default: 0] += 1
                place = line.upperBound + 1
            }
            let width = lines.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
            guard width > 0, first.count > 1 else { throw .unknownFormat(path: path) }
            (count, self.width, start, format) = (nil, width, 0, .glove)
        }
        guard VectorFile.widths.contains(width) else { throw .invalidWidth(path: path, width: width) }
    }

    /// The parts of a line between spaces; at most one more than the most that a line may have.
    static func fields(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        var index = line.lowerBound
        while index < line.upperBound, fields.count <= widths.upperBound + 1 {
            let start = index
            while index < line.upperBound, !bytes[index].isSpaceInLine { index += 1 }
            if index > start { fields.append(start..<index) }
            index += 1
        }
        return fields
    }

    /// The fields at the end of a line that are numbers, without the first field, which is a word.
    private static func numbers(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> ArraySlice<Range<Int>> {
        let fields = fields(bytes, line).dropFirst()
        let start = fields.lastIndex { Float(decimal: UnsafeBufferPointer(rebasing: bytes[$0])) == nil }
        return fields[(start.map { $0 + 1 } ?? fields.startIndex)...]
    }
}

extension UInt8 {
    /// Whether this is a character between the numbers of a line, or before its end.
    var isSpaceInLine: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}

extension UnsafeBufferPointer<UInt8> {
    /// The position of the next line end, or the end of the bytes.
    func endOfLine(from start: Int) -> Int { self[start...].firstIndex(of: 0x0A) ?? count }
}
