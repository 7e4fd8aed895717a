/// Finds the end of a row in bytes that arrive in pieces.
///
/// - Source: RFC 4180 for records. A line feed alone also ends a record, and a quote inside an unquoted field is an
///   ordinary character.
struct RowScanner {
    /// What ends a row.
    enum Ending {
        /// A line feed.
        case line
        /// A line feed outside the quotes of a CSV record.
        case record
    }

    private enum Place { case start, plain, quoted, afterQuote }

    private let ending: Ending
    private var place = Place.start

    init(_ ending: Ending) { self.ending = ending }

    /// Whether the row would continue after a line feed, because a quote is open.
    var isQuoted: Bool { place == .quoted }

    /// Looks for the line feed that ends the row.
    ///
    /// - Parameters:
    ///   - bytes: all bytes of the row that have arrived, and possibly more.
    ///   - index: the first byte that the scanner has not seen.
    /// - Returns: the index of the line feed, or nil if it has not arrived.
    mutating func end(in bytes: [UInt8], from index: Int) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            for index in index..<bytes.count where isEnd(bytes[index]) { return index }
            return nil
        }
    }

    @inline(__always)
    private mutating func isEnd(_ byte: UInt8) -> Bool {
        guard ending == .record else { return byte == UInt8(ascii: "\n") }
        switch byte {
        case UInt8(ascii: "\""):
            switch place {
            case .start, .afterQuote: place = .quoted
            case .quoted: place = .afterQuote
            case .plain: break
            }
            return false
        case UInt8(ascii: ",") where place != .quoted:
            place = .start
            return false
        case UInt8(ascii: "\n"):
            return place != .quoted
        default:
            if place != .quoted { place = .plain }
            return false
        }
    }
}
