import JSON
import NIOCore

/// Reads the JSON of events.
///
/// Lambda's events have up to 6 MB, which would take more than ten times as much memory as JSON values. Nothing that the
/// function answers is that long, so strings that no request may have are shortened before they are read.
enum EventReader {
    /// The most bytes of JSON that are read.
    static let limit = 1 << 20
    /// A string that takes more bytes than this in JSON is longer than any body may be.
    ///
    /// In JSON, one byte of a string takes at most six bytes.
    static let longestString = 6 * Request.bodyLimit

    /// Reads an event.
    ///
    /// - Parameter payload: The event, in UTF-8.
    /// - Returns: The event, in which strings that are too long are replaced by others that are too long; or null if it
    ///   is not JSON, or still too long.
    static func read(_ payload: ByteBuffer) -> JSON {
        guard payload.readableBytes > limit else { return (try? JSON(parsing: payload.readableBytesView)) ?? .null }
        guard let bytes = payload.withUnsafeReadableBytes(shortened), bytes.count <= limit else { return .null }
        return (try? JSON(parsing: bytes)) ?? .null
    }

    private static func shortened(_ payload: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        /// Where the content of the open string starts in `result`.
        var start: Int?
        var length = 0
        var isEscaped = false
        for byte in payload {
            if let opened = start {
                let isEnd = byte == UInt8(ascii: "\"") && !isEscaped
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                if isEnd {
                    if length > longestString {
                        result.removeSubrange(opened...)
                        result += repeatElement(UInt8(ascii: " "), count: 2 * Request.bodyLimit)
                    }
                    result.append(byte)
                    start = nil
                } else {
                    length += 1
                    if length <= longestString { result.append(byte) }
                }
            } else {
                result.append(byte)
                if byte == UInt8(ascii: "\"") { (start, length) = (result.count, 0) }
            }
            guard result.count <= limit + longestString else { return nil }
        }
        return result
    }
}
