import Feedback
import JSON
import ModelFile

/// The request that brings an alert to a webhook.
struct WebhookRequest {
    /// The body, in UTF-8.
    let body: [UInt8]
    /// The headers, without those that every request has.
    let headers: [(name: String, value: String)]

    /// - Parameters:
    ///   - message: The message.
    ///   - settings: The form of the body, and the key.
    ///   - time: The time that is signed, so that a request cannot be sent again later by somebody else.
    init(_ message: AlertMessage, _ settings: WebhookSettings, time: FeedbackTime = .now) {
        let chat = ChatText(format: settings.format)
        let text = chat.text(message)
        let json: JSON =
            switch settings.format {
            case .slack: ["text": .string(text)]
            case .mattermost: ["text": .string(text), "username": .string("Pinson")]
            case .discord: ["content": .string(text), "allowed_mentions": ["parse": .array([])]]
            case .teams: Self.card(chat.lines(message))
            case .webhook: message.json
            }
        var writer = JSONWriter()
        writer.value(json)
        body = writer.bytes
        var headers = [
            ("Content-Type", "application/json"), ("User-Agent", "pinson/\(message.version)"),
            ("Idempotency-Key", "\(message.alert.id)"),
        ]
        if let secret = settings.secret {
            let seconds = "\(time.milliseconds / 1000)"
            let signature = KeyedHash.sha256(key: Array(secret.utf8), message: Array("\(seconds).".utf8) + body)
            headers += [
                ("X-Pinson-Timestamp", seconds),
                ("X-Pinson-Signature", "sha256=\(KeyedHash.hexadecimal(signature))"),
            ]
        }
        self.headers = headers
    }

    /// - Source: Microsoft, "Create incoming webhooks with Workflows", and the schema of adaptive cards 1.4.
    private static func card(_ lines: [String]) -> JSON {
        let blocks = lines.enumerated().map { index, line -> JSON in
            [
                "type": .string("TextBlock"), "text": .string(line), "wrap": .bool(true),
                "weight": .string(index == 0 ? "Bolder" : "Default"),
            ]
        }
        return [
            "type": .string("message"),
            "attachments": .array([
                [
                    "contentType": .string("application/vnd.microsoft.card.adaptive"),
                    "content": [
                        "$schema": .string("http://adaptivecards.io/schemas/adaptive-card.json"),
                        "type": .string("AdaptiveCard"),
                        "version": .string("1.4"), "body": .array(blocks),
                    ],
                ]
            ]),
        ]
    }
}
