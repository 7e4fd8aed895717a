import Feedback
import Glibc
import JSON

/// An alert as an e-mail.
///
/// - Source: RFC 5322; RFC 2045, section 6.7; RFC 2047; RFC 3834.
struct EmailMessage {
    /// The complete message with lines that end with CR LF, without a dot at the end.
    let text: String

    init(_ message: AlertMessage, _ settings: EmailSettings) {
        let domain = settings.sender.split(separator: "@").last.map(String.init) ?? "localhost"
        var lines: [String] = []
        lines.append("Date: \(Self.date(message.alert.time))")
        lines.append("From: \(Self.encodedWords(settings.alias, first: 6)) <\(settings.sender)>")
        lines.append("To: \(settings.recipients.joined(separator: ",\r\n "))")
        lines.append("Subject: \(Self.encodedWords(Self.subject(message), first: 9))")
        // An alert that is sent twice has the same name, so a reader can tell.
        lines.append("Message-ID: <\(message.alert.id).pinson@\(domain)>")
        lines.append("Auto-Submitted: auto-generated")
        lines.append("MIME-Version: 1.0")
        lines.append("Content-Type: text/plain; charset=utf-8")
        lines.append("Content-Transfer-Encoding: quoted-printable")
        lines.append("")
        text = lines.joined(separator: "\r\n") + "\r\n" + Self.quotedPrintable(Self.body(message))
    }

    /// The subject: that of reports is the one that users of the earlier service have in their filters.
    static func subject(_ message: AlertMessage) -> String {
        let time = "\(message.alert.time)"
        let parts = time.split(separator: "T")[0].split(separator: "-")
        let date = "\(parts[2])/\(parts[1])/\(parts[0]) \(time.dropFirst(11).prefix(5))"
        return switch message.alert.cause {
        case .reports: "🚨 Rapport d'erreurs - Prédictions sentiments (\(date))"
        case .drift: "🚨 Dérive - Prédictions sentiments (\(date))"
        case .test: "Pinson: test of alerts (\(date))"
        }
    }

    /// A summary for people, and then everything for programs.
    static func body(_ message: AlertMessage) -> String {
        var lines = [message.title, ""]
        for (index, report) in message.reports.enumerated() {
            let text = String(String.UnicodeScalarView(report.text.unicodeScalars.prefix(100)))
            let end = report.text.unicodeScalars.count > 100 ? "…" : ""
            lines.append("\(index + 1). \(text)\(end)")
            let expected = report.expected.map { ", expected: \($0)" } ?? ""
            lines.append("   Prediction: \(report.predicted) (\(report.score))\(expected)")
        }
        let missing = message.alert.reports.count - message.reports.count
        if missing > 0 { lines.append("The texts of \(missing) of these reports are no longer known or not shown.") }
        lines.append("")
        for fact in message.facts { lines.append("\(fact.name): \(fact.value)") }
        var writer = JSONWriter()
        writer.value(message.json)
        lines += ["", "Details:", writer.text, ""]
        return lines.joined(separator: "\n")
    }

    /// A date such as `Sat, 28 Nov 2026 20:30:00 +0000`.
    static func date(_ time: FeedbackTime) -> String {
        var seconds = time.milliseconds / 1000
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(days[Int(parts.tm_wday)]), \(parts.tm_mday) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) "
            + "\("\(time)".dropFirst(11).prefix(8)) +0000"
    }

    /// A text of a header in encoded words, each of at most 75 characters, or as it is if it needs no encoding.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - first: The number of characters before it in its line.
    /// - Returns: The text as the header has it.
    static func encodedWords(_ text: String, first: Int) -> String {
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x20
        }
        if isPlain, first + text.utf8.count < 76, !text.hasPrefix(" "), !text.hasSuffix(" ") { return text }
        var words: [String] = []
        var rest = Array(text.unicodeScalars)[...]
        while !rest.isEmpty {
            var bytes: [UInt8] = []
            // A word has 12 other characters, and 45 bytes become 60 digits.
            while let scalar = rest.first {
                let next = Array(String(scalar).utf8)
                guard bytes.count + next.count <= (words.isEmpty ? 39 : 45) else { break }
                bytes += next
                rest.removeFirst()
            }
            words.append("=?UTF-8?B?\(Base64.encoded(bytes))?=")
        }
        return words.joined(separator: "\r\n ")
    }

    /// A text with lines of at most 76 printable characters.
    static func quotedPrintable(_ text: String) -> String {
        var output: [UInt8] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var length = 0
            let bytes = Array(line.utf8)
            for (index, byte) in bytes.enumerated() {
                let isSpaceAtEnd = (byte == 0x20 || byte == 0x09) && index == bytes.count - 1
                let isPlain = (0x20...0x7E).contains(byte) && byte != 0x3D && !isSpaceAtEnd
                let token = isPlain ? [byte] : Self.escaped(byte)
                if length + token.count > 75 {
                    output += Array("=\r\n".utf8)
                    length = 0
                }
                output += token
                length += token.count
            }
            output += [0x0D, 0x0A]
        }
        return String(decoding: output.dropLast(2), as: UTF8.self)
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
