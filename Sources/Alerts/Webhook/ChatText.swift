import Feedback

/// The text of an alert for chats, with the marks of each chat, and without effects of what users have written.
struct ChatText {
    let format: WebhookSettings.Format

    /// The number of characters that the text may have in the chat.
    ///
    /// Discord refuses longer messages; the others have larger limits, but nobody reads that much in a chat.
    private var limit: Int { format == .discord ? 1900 : 3800 }
    private static let excerpt = 140
    private static let shownReports = 10

    /// The text of a message.
    func text(_ message: AlertMessage) -> String { lines(message).joined(separator: "\n") }

    /// The lines of a message, which name at most ten reports.
    func lines(_ message: AlertMessage) -> [String] {
        var lines = ["\(bold(message.title))"]
        for report in message.reports.prefix(Self.shownReports) {
            let scalars = report.text.unicodeScalars
            let text = String(String.UnicodeScalarView(scalars.prefix(Self.excerpt))) + (scalars.count > 140 ? "…" : "")
            let expected = report.expected.map { ", expected \(escaped($0))" } ?? ""
            lines.append("• \(escaped(text)) (\(escaped(report.predicted))\(expected))")
        }
        let more = message.alert.reports.count - min(message.reports.count, Self.shownReports)
        if more > 0 { lines.append("… and \(more) more") }
        lines.append(message.facts.map { "\($0.name): \(escaped($0.value))" }.joined(separator: " · "))
        var length = 0
        return lines.filter { line in
            guard length + line.unicodeScalars.count < limit else { return false }
            length += line.unicodeScalars.count + 1
            return true
        }
    }

    private func bold(_ text: String) -> String {
        switch format {
        case .slack: "*\(escaped(text))*"
        case .webhook: text
        default: "**\(escaped(text))**"
        }
    }

    /// A text of a user in one line, which neither formats anything nor calls anybody.
    ///
    /// - Source: Slack, "Formatting text for app surfaces": three characters become entities, and nothing in the text is
    ///   a mention then.
    func escaped(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control {
                output.append(" ")
                continue
            }
            switch (format, scalar) {
            case (.slack, "&"): output.append(contentsOf: "&amp;".unicodeScalars)
            case (.slack, "<"): output.append(contentsOf: "&lt;".unicodeScalars)
            case (.slack, ">"): output.append(contentsOf: "&gt;".unicodeScalars)
            // A character without width between them keeps the chat from finding a name.
            case (.mattermost, "@"), (.discord, "@"), (.teams, "@"):
                output.append(contentsOf: "@\u{200B}".unicodeScalars)
            case (.mattermost, _), (.discord, _), (.teams, _):
                if "\\*_~`|[]()<>#!".unicodeScalars.contains(scalar) { output.append("\\") }
                output.append(scalar)
            default: output.append(scalar)
            }
        }
        return String(output)
    }
}
