import NIOCore
import Testing
import WebClient

@testable import Alerts

/// The conversation with a mail server, without a server.
@Suite struct SMTPSessionTests {
    private func settings(_ more: [String: String] = [:]) throws -> EmailSettings {
        let variables = [
            "SMTP_SERVER": "mail.example.com", "ADMIN_EMAIL": "a@example.com,b@example.com",
            "SMTP_EMAIL": "pinson@example.com", "SMTP_PASSWORD": "tim", "SMTP_USER": "tim",
        ].merging(more) { $1 }.filter { !$0.value.isEmpty }
        return try #require(try EmailSettings { variables[$0] })
    }

    private func reply(_ code: Int, _ lines: String...) -> SMTPReply { SMTPReply(code: code, lines: lines) }

    @Test("With STARTTLS, the client says EHLO again, and the password comes after TLS")
    func startTLS() throws {
        var session = SMTPSession(try settings(), client: "[127.0.0.1]")
        #expect(session.receive(reply(220, "ready")) == .send("EHLO [127.0.0.1]"))
        #expect(session.receive(reply(250, "hello", "AUTH PLAIN", "STARTTLS")) == .send("STARTTLS"))
        #expect(session.receive(reply(220, "go")) == .startTLS(then: "EHLO [127.0.0.1]"))
        // RFC 4616, section 2: a null character before the name and before the password.
        #expect(session.receive(reply(250, "hello", "AUTH LOGIN PLAIN")) == .send("AUTH PLAIN AHRpbQB0aW0="))
        #expect(session.receive(reply(235, "ok")) == .send("MAIL FROM:<pinson@example.com>"))
        #expect(session.receive(reply(250, "ok")) == .send("RCPT TO:<a@example.com>"))
        #expect(session.receive(reply(250, "ok")) == .send("RCPT TO:<b@example.com>"))
        #expect(session.receive(reply(251, "ok")) == .send("DATA"))
        #expect(session.receive(reply(354, "go")) == .sendMessage)
        #expect(session.receive(reply(250, "queued")) == .delivered(then: "QUIT", remark: nil))
    }

    @Test("LOGIN is used where PLAIN is not offered")
    func login() throws {
        var session = SMTPSession(try settings(["SMTP_SECURITY": "tls"]), client: "c")
        _ = session.receive(reply(220, ""))
        #expect(session.receive(reply(250, "hello", "auth login xoauth2")) == .send("AUTH LOGIN"))
        #expect(session.receive(reply(334, "VXNlcm5hbWU6")) == .send("dGlt"))
        #expect(session.receive(reply(334, "UGFzc3dvcmQ6")) == .send("dGlt"))
        #expect(session.receive(reply(235, "ok")) == .send("MAIL FROM:<pinson@example.com>"))
    }

    @Test("A server that does not offer STARTTLS gets nothing")
    func noStartTLS() throws {
        var session = SMTPSession(try settings(), client: "c")
        _ = session.receive(reply(220, ""))
        guard case .fail(let failure) = session.receive(reply(250, "hello", "AUTH PLAIN LOGIN")) else {
            Issue.record("it goes on")
            return
        }
        #expect(failure.step == "STARTTLS" && failure.isRefusal)
        #expect(failure.reason == "The server does not offer it, so nothing was sent.")
    }

    @Test("One address that is refused does not keep the alert from the others, and is named")
    func oneRefusedAddress() throws {
        var session = SMTPSession(
            try settings(["SMTP_SECURITY": "none", "SMTP_PASSWORD": "", "SMTP_USER": ""]), client: "c")
        for (code, line) in [(220, ""), (250, ""), (250, ""), (550, "unknown"), (250, ""), (354, "")] {
            _ = session.receive(reply(code, line))
        }
        #expect(
            session.receive(reply(250, "ok"))
                == .delivered(then: "QUIT", remark: "'a@example.com' was refused: \"550 unknown\"."))
    }

    @Test("What a server says is quoted without the password, however it is written")
    func secretsAreHidden() throws {
        var session = SMTPSession(try settings(["SMTP_SECURITY": "tls", "SMTP_PASSWORD": "pa55word"]), client: "c")
        _ = session.receive(reply(220, ""))
        _ = session.receive(reply(250, "hello", "AUTH PLAIN"))
        let said = "pa55word cGE1NXdvcmQ= AHRpbQBwYTU1d29yZA==\u{7}"
        guard case .fail(let failure) = session.receive(reply(535, said)) else {
            Issue.record("it goes on")
            return
        }
        #expect(failure.reason == "The server says \"535 (hidden) (hidden) (hidden) \".")
        #expect(failure.step == "AUTH PLAIN" && failure.isRefusal && failure.advice.contains("SMTP_PASSWORD"))
    }

    @Test("Every answer that is not expected ends the conversation, and only 5yz is a refusal")
    func unexpectedAnswers() throws {
        for steps in 0..<6 {
            for code in [421, 451, 500, 554, 200, 334] {
                var session = SMTPSession(
                    try settings(["SMTP_SECURITY": "none", "SMTP_PASSWORD": "", "SMTP_USER": ""]), client: "c")
                for code in [220, 250, 250, 250, 250, 354].prefix(steps) { _ = session.receive(reply(code, "")) }
                if session.step == .recipient, code >= 500 { continue }
                guard case .fail(let failure) = session.receive(reply(code, "x")) else {
                    Issue.record("it goes on after \(code) at \(session.step)")
                    continue
                }
                #expect(failure.isRefusal == (code >= 500))
            }
        }
    }

    @Test("Answers are read in parts of any size, with one line or several")
    func parser() throws {
        let text = "220 ready\r\n250-one\r\n250-two\n250 three\r\n354\r\n"
        for size in 1...text.utf8.count {
            var parser = SMTPReply.Parser()
            var replies: [SMTPReply] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                var buffer = ByteBuffer(bytes: rest.prefix(size))
                rest = rest.dropFirst(size)
                while let reply = try parser.next(&buffer) { replies.append(reply) }
            }
            #expect(replies == [reply(220, "ready"), reply(250, "one", "two", "three"), reply(354, "")])
        }
    }

    @Test(
        "What is no answer of a mail server is refused",
        arguments: [
            "HTTP/1.1 400 Bad Request\r\n", "\r\n", "99 x\r\n", "999 x\r\n", "SSH-2.0-OpenSSH\r\n",
            String(repeating: "a", count: 70_000), String(repeating: "250-a\r\n", count: 10_000),
        ])
    func noAnswer(text: String) {
        var parser = SMTPReply.Parser()
        var buffer = ByteBuffer(string: text)
        #expect(throws: DeliveryFailure.self) { while try parser.next(&buffer) != nil {} }
    }

    @Test("A line that begins with a dot gets a second one, and the message ends with a line")
    func dots() {
        #expect(SMTPHandler.stuffed("a\r\n.\r\n..b\r\nc.") == "a\r\n..\r\n...b\r\nc.\r\n")
    }
}
