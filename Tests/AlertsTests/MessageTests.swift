import Feedback
import Fixtures
import Foundation
import JSON
import Testing

@testable import Alerts

/// The forms that alerts take on their way.
@Suite struct MessageTests {
    private func message(_ texts: [String]) throws -> AlertMessage {
        let start = try #require(FeedbackTime("2026-11-28T20:30:00.000Z"))
        let records = texts.enumerated().map { index, text in
            let time = FeedbackTime(milliseconds: start.milliseconds - 299_000 + index * 1000)
            return FeedbackRecord(
                id: FeedbackID(time: time), time: time, content: .text(text), predicted: "positive", score: 0.75,
                expected: index == 0 ? "negative" : nil)
        }
        let alert = Alert(.reports, reports: records.map(\.id), channels: ["email"], time: start)
        return AlertMessage(
            alert, reports: records.map(FeedbackExcerpt.init), model: "tweets", version: "1.2.3", instance: "host-1",
            threshold: 3)
    }

    private func email(_ variables: [String: String] = [:]) throws -> EmailSettings {
        let variables = [
            "SMTP_SERVER": "mail.example.com", "ADMIN_EMAIL": "ada@example.com", "SMTP_EMAIL": "pinson@example.com",
            "SMTP_FROM_ALIAS": "Air Paradis Monitor",
        ].merging(variables) { $1 }
        return try #require(try EmailSettings { variables[$0] })
    }

    /// What Python's library of e-mails finds in a message: its headers and its text.
    private func parsed(_ text: String) throws -> [String: Any] {
        let script = """
            import email, email.policy, json, sys
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            print(json.dumps({"headers": {k: str(v) for k, v in m.items()}, "text": m.get_content(),
                              "defects": [str(d) for d in m.defects] + [str(d) for v in m.values() for d in v.defects]}))
            """
        let result = try Program.run(try #require(Program.find("python3")), ["-c", script], input: text)
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test("An e-mail has the subject and the members of the earlier service, and Python reads the same")
    func email() throws {
        let texts = ["late again 😡", ".", String(repeating: "é", count: 200), "a = b\n.\nc "]
        let message = try message(texts)
        let text = EmailMessage(message, try email()).text
        for line in text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 76) }
        #expect(text.utf8.allSatisfy { $0 < 127 })
        #expect(text.replacingOccurrences(of: "\r\n", with: "").contains("\n") == false)
        let parsed = try parsed(text)
        let headers = try #require(parsed["headers"] as? [String: String])
        #expect(headers["Subject"] == "🚨 Rapport d'erreurs - Prédictions sentiments (28/11/2026 20:30)")
        #expect(headers["From"] == "Air Paradis Monitor <pinson@example.com>")
        #expect(headers["To"] == "ada@example.com")
        #expect(headers["Date"] == "Sat, 28 Nov 2026 20:30:00 +0000")
        #expect(headers["Message-ID"] == "<\(message.alert.id).pinson@example.com>")
        #expect(headers["Auto-Submitted"] == "auto-generated")
        #expect((parsed["defects"] as? [String])?.isEmpty == true)
        let body = try #require(parsed["text"] as? String).replacingOccurrences(of: "\r\n", with: "\n")
        #expect(body.hasPrefix("4 wrong predictions of 'tweets' were reported within 3 s.\n"))
        #expect(body.contains("3. " + String(repeating: "é", count: 100) + "…\n"))
        let json = try JSON(parsing: try #require(body.components(separatedBy: "Details:\n").last).utf8)
        #expect(json["reports_amount"] == .number(4))
        #expect(
            json["metadata"]?["reporting_threshold"] == .number(3) && json["metadata"]?["model"] == .string("tweets"))
        guard case .array(let reports)? = json["reports"] else { return }
        #expect(reports.compactMap { $0["tweet"] } == texts.map { .string($0) })
        #expect(reports[2]["tweet_length"] == .number(200) && reports[0]["incorrect_prediction"] == .string("positive"))
    }

    @Test(
        "No text of a user becomes a header or a line of its own",
        arguments: [
            "a\r\nBcc: eve@example.com", "\r\n.\r\nMAIL FROM:<x>", "a\nb", "=?UTF-8?B?QQ==?=",
        ])
    func injection(text: String) throws {
        let mail = EmailMessage(try message([text]), try email(["SMTP_FROM_ALIAS": "A, \"B\" <x>"])).text
        let parsed = try parsed(mail)
        let headers = try #require(parsed["headers"] as? [String: String])
        #expect(headers["Bcc"] == nil && headers.count == 9)
        #expect(headers["From"]?.hasSuffix("<pinson@example.com>") == true)
        #expect(!mail.components(separatedBy: "\r\n").contains("."))
    }

    @Test("Long subjects are split between characters into words of at most 75 characters")
    func encodedWords() {
        let text = String(repeating: "😡é", count: 60)
        let words = EmailMessage.encodedWords(text, first: 9).components(separatedBy: "\r\n ")
        #expect(words.count > 3 && words.allSatisfy { $0.utf8.count <= 75 } && words[0].utf8.count <= 67)
        let decoded = words.map { word in
            String(decoding: Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data(), as: UTF8.self)
        }
        #expect(decoded.joined() == text)
    }

    @Test(
        "Base64 is that of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(text: String, encoded: String) { #expect(Base64.encoded(Array(text.utf8)) == encoded) }

    private func body(_ texts: [String], _ format: WebhookSettings.Format) throws -> (JSON, WebhookRequest) {
        let settings = try #require(
            try WebhookSettings(format) { $0 == format.variable ? "https://example.com/x" : nil })
        let request = WebhookRequest(try message(texts), settings)
        return (try JSON(parsing: request.body), request)
    }

    @Test("Slack gets a text in which users mark nothing and call nobody")
    func slack() throws {
        let (json, _) = try body(["<!channel> & <https://evil|ok>", "b", "c"], .slack)
        guard case .string(let text)? = json["text"] else { return }
        #expect(text.contains("&lt;!channel&gt; &amp; &lt;https://evil|ok&gt;"))
        #expect(!text.contains("<"))
        #expect(text.hasPrefix("*3 wrong predictions of 'tweets' were reported within 2 s.*\n• "))
    }

    @Test("Discord gets at most 2,000 characters and no mentions")
    func discord() throws {
        let (json, _) = try body((0..<50).map { _ in String(repeating: "**@everyone** ", count: 50) }, .discord)
        #expect(json["allowed_mentions"]?["parse"] == .array([]))
        guard case .string(let text)? = json["content"] else { return }
        #expect(text.utf16.count <= 2000 && !text.contains("@everyone") && text.contains("\\*\\*"))
    }

    @Test("Mattermost gets a text that calls nobody")
    func mattermost() throws {
        let (json, _) = try body(["@all ![x](http://evil/a.png)", "b", "c"], .mattermost)
        guard case .string(let text)? = json["text"] else { return }
        #expect(!text.contains("@all") && !text.contains("]("))
    }

    @Test("Teams gets an adaptive card")
    func teams() throws {
        let (json, _) = try body(["[a](http://evil)", "b", "c"], .teams)
        guard case .array(let attachments)? = json["attachments"], let card = attachments.first?["content"],
            case .array(let blocks)? = card["body"]
        else {
            Issue.record("no card")
            return
        }
        #expect(json["type"] == .string("message") && card["type"] == .string("AdaptiveCard"))
        #expect(
            blocks.count == 5 && blocks.allSatisfy { $0["type"] == .string("TextBlock") && $0["wrap"] == .bool(true) })
    }

    @Test("A program gets JSON whose signature Python can check")
    func signature() throws {
        let variables = ["ALERT_WEBHOOK_URL": "https://example.com/x", "ALERT_WEBHOOK_SECRET": "0123456789abcdef"]
        let settings = try #require(try WebhookSettings(.webhook) { variables[$0] })
        let time = FeedbackTime(milliseconds: 1_790_000_000_123)
        let request = WebhookRequest(try message(["é"]), settings, time: time)
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(headers["X-Pinson-Timestamp"] == "1790000000")
        let script = """
            import hmac, sys
            print(hmac.new(b"0123456789abcdef", b"1790000000." + sys.stdin.buffer.read(), "sha256").hexdigest())
            """
        let result = try Program.run(
            try #require(Program.find("python3")), ["-c", script], input: String(decoding: request.body, as: UTF8.self))
        #expect(headers["X-Pinson-Signature"] == "sha256=" + result.output.trimmingCharacters(in: .newlines))
    }
}
