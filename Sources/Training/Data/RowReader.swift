/// Cuts the bytes of a file or of standard input into rows, and counts the lines.
///
/// Memory is bounded by the length of the longest row. A UTF-8 byte order mark at the start is skipped.
struct RowReader {
    /// A row, without the line feed and the carriage return that end it.
    struct Row {
        var bytes: [UInt8]
        /// The line on which the row starts, counted from 1.
        var line: Int
    }

    /// The outcome of looking for a row.
    enum Next {
        /// The next row, or the reason why it cannot be used.
        case row(Result<Row, DataError>)
        /// No whole row has arrived yet.
        case pending
        /// The data has ended.
        case end
    }

    /// The most bytes of a row.
    private let longestRow: Int
    private let source: ByteSource
    private var buffer: [UInt8] = []
    /// The index in `buffer` of the first byte that no row has taken.
    private var start = 0
    /// The number of bytes before `buffer`.
    private var offset = 0
    private var line = 1
    /// A row that was put back.
    private var returned: Row?

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: a path, or `-` for standard input.
    ///   - longestRow: the most bytes of a row.
    /// - Throws: `DataError.unreadable` if the path does not name a readable file.
    init(path: String, longestRow: Int) throws(DataError) {
        self.longestRow = longestRow
        source = try ByteSource(path: path)
        while buffer.count < 3, try source.read(into: &buffer) > 0, buffer.first == 0xEF {}
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    }

    /// The name of the data in error messages.
    var name: String { source.name }

    /// The first byte that is not white space, or nil if it has not arrived.
    var first: UInt8? { buffer[start...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }

    /// The part of the file that has been read, from 0 to 1; nil if its size is not known.
    var share: Double? { source.size.map { $0 == 0 ? 1 : min(1, Double(offset + start) / Double($0)) } }

    /// Makes `row` the next row again.
    mutating func putBack(_ row: Row) { returned = row }

    /// Reads the next row.
    ///
    /// A record whose quote is never closed ends at its first line feed, so that the rows after it can be read.
    ///
    /// - Parameters:
    ///   - ending: what ends the row.
    ///   - waits: whether to wait for a row that has not arrived.
    /// - Returns: the row, the end of the data, or `pending` if the caller does not wait.
    /// - Throws: `DataError.unreadable` if the system refuses to read.
    mutating func next(_ ending: RowScanner.Ending, waits: Bool) throws(DataError) -> Next {
        if let row = returned {
            returned = nil
            return .row(.success(row))
        }
        var scanner = RowScanner(ending)
        var seen = 0
        while true {
            let end = scanner.end(in: buffer, from: start + seen)
            seen = (end ?? buffer.count) - start
            if seen > longestRow { return .row(.failure(try tooLong(isQuoted: scanner.isQuoted))) }
            if let end { return .row(.success(take(to: end))) }
            guard waits || source.isReady else { return .pending }
            guard try !fill() else { continue }
            guard seen > 0 else { return .end }
            guard !scanner.isQuoted else { return .row(.failure(neverClosed())) }
            return .row(.success(take(to: buffer.count)))
        }
    }

    /// Reads more bytes, and returns false if the data has ended.
    private mutating func fill() throws(DataError) -> Bool {
        buffer.removeFirst(start)
        offset += start
        start = 0
        return try source.read(into: &buffer) > 0
    }

    /// Takes the row before `end`, and moves past the line feed.
    private mutating func take(to end: Int) -> Row {
        var bytes = buffer[start..<end]
        let row = line
        for byte in bytes where byte == UInt8(ascii: "\n") { line += 1 }
        line += 1
        start = min(end + 1, buffer.count)
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return Row(bytes: Array(bytes), line: row)
    }

    private mutating func neverClosed() -> DataError {
        let row = takeLine()
        return .malformed(path: name, line: row, reason: "a quoted field of this record has no closing quote")
    }

    /// Moves past the first line of the buffer, and returns its number.
    private mutating func takeLine() -> Int {
        take(to: buffer[start...].firstIndex(of: UInt8(ascii: "\n")) ?? buffer.count).line
    }

    private mutating func tooLong(isQuoted: Bool) throws(DataError) -> DataError {
        let hint = isQuoted ? "; a quote may not be closed" : ""
        let row = line
        // A line without an end is dropped piece by piece.
        while !buffer[start...].contains(UInt8(ascii: "\n")) {
            start = buffer.count
            guard try fill() else { break }
        }
        _ = takeLine()
        return .malformed(path: name, line: row, reason: "this row has more than \(longestRow) bytes\(hint)")
    }
}
