import ContainerImage
import JSON
import Training

/// Writes vectors of texts in one of the formats of `embed`.
struct EmbeddingWriter: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case jsonl, csv, npy
    }

    let format: Format
    /// The number of values in a vector.
    let width: Int
    private let names: OutputNames
    private let columns: [String]

    init(_ format: Format, width: Int) {
        (self.format, self.width) = (format, width)
        columns = (0..<width).map { "e\($0)" }
        names = OutputNames(own: format == .csv ? columns : ["embedding"])
    }

    /// The bytes before the first vector.
    ///
    /// - Parameters:
    ///   - input: The names of the input's columns.
    ///   - count: The number of vectors.
    /// - Returns: The header of a CSV file or of an array of NumPy, which is as long for any number of vectors.
    func header(_ input: [String], count: Int) -> [UInt8] {
        switch format {
        case .jsonl: []
        case .csv: csvRecord(names.names(input) + columns)
        case .npy: Self.arrayHeader(count, width)
        }
    }

    /// The start of a file that `numpy.load` reads as an array of float32.
    ///
    /// - Source: `numpy.lib.format` of NumPy, "The .npy format", version 1.
    private static func arrayHeader(_ rows: Int, _ columns: Int) -> [UInt8] {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        // With the ten bytes before the text, the data starts at a multiple of 64.
        let padded = text + String(repeating: " ", count: 117 - text.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.utf8.count), 0] + Array(padded.utf8)
    }

    /// Some texts with their vectors, in UTF-8, or the vectors alone for an array.
    func bytes(_ tweets: [Tweet], _ vectors: [[Float]]) -> [UInt8] {
        switch format {
        case .jsonl:
            var writer = JSONWriter()
            for (tweet, vector) in zip(tweets, vectors) { write(tweet, vector, to: &writer) }
            return writer.bytes
        case .csv:
            var bytes: [UInt8] = []
            for (tweet, vector) in zip(tweets, vectors) {
                appendCSVRecord(tweet.fields.map(\.text) + vector.map { "\($0)" }, to: &bytes)
            }
            return bytes
        case .npy:
            return vectors.flatMap { vector in vector.withUnsafeBytes { Array($0) } }
        }
    }

    private func write(_ tweet: Tweet, _ vector: [Float], to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write(tweet.fields, names)
        writer.key("embedding")
        writer.beginArray()
        for number in vector { writer.value(number) }
        writer.endArray()
        writer.endObject()
        writer.endLine()
    }
}
