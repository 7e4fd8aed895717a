import NIOCore
import WebClient

/// An answer of a mail server: a code of three digits, and one or more lines of text.
///
/// - Source: RFC 5321, section 4.2.
struct SMTPReply: Equatable {
    var code: Int
    var lines: [String]

    /// All of the text in one line.
    var text: String { "\(code) " + lines.joined(separator: " ") }

    /// Whether the code says that the command was done, as 2yz does.
    var isPositive: Bool { code / 100 == 2 }

    /// Collects the bytes of answers.
    struct Parser {
        private var line: [UInt8] = []
        private var lines: [String] = []
        private var bytes = 0

        /// The number of bytes that an answer may have.
        static let limit = 64 * 1024

        /// Whether a part of an answer has arrived.
        var isInAnswer: Bool { !line.isEmpty || !lines.isEmpty }

        /// Takes bytes up to the end of an answer.
        ///
        /// - Returns: The answer, or nil if more bytes are needed.
        /// - Throws: `DeliveryFailure` if this is not an answer of a mail server.
        mutating func next(_ buffer: inout ByteBuffer) throws(DeliveryFailure) -> SMTPReply? {
            while let byte = buffer.readInteger(as: UInt8.self) {
                bytes += 1
                guard bytes <= Self.limit else { throw Self.failure("an answer with more than \(Self.limit) bytes") }
                guard byte == 0x0A else {
                    line.append(byte)
                    continue
                }
                if line.last == 0x0D { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                line = []
                guard let code = Int(text.prefix(3)), (200..<600).contains(code) else {
                    throw Self.failure("the line \(quoted(text))")
                }
                lines.append(String(text.dropFirst(4)))
                if text.utf8.dropFirst(3).first == UInt8(ascii: "-") { continue }
                defer { (lines, bytes) = ([], 0) }
                return SMTPReply(code: code, lines: lines)
            }
            return nil
        }

        private static func failure(_ found: String) -> DeliveryFailure {
            DeliveryFailure(
                step: "Answer", reason: "The server has sent \(found), which no mail server sends.",
                advice: "Check SMTP_SERVER, SMTP_PORT and SMTP_SECURITY.", isRefusal: true)
        }
    }
}
