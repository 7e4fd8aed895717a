import Fixtures
import Foundation
import Testing

/// `pinson alerts test` with real servers: what arrives, and what it says about what does not.
@Suite(
    .enabled(
        if: Workplace.hasBinaries && AlertServer.canReceiveMail, "needs the binaries of `make build` and aiosmtpd"))
struct AlertsTestCommandTests {
    private func test(_ environment: [String: String], _ options: String...) throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), ["alerts", "test"] + options, environment: environment)
    }

    @Test(
        "A test e-mail arrives over TLS with a password",
        arguments: [("starttls", "starttls"), ("starttls,login", "starttls"), ("tls", "tls"), ("tls,login", "tls")])
    func anEmailArrives(modes: String, security: String) throws {
        try Workplace.withFolder { folder in
            let server = try AlertServer.mail(in: folder, modes)
            defer { server.stop() }
            let result = try test(server.mailEnvironment(security: security))
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(result.output.contains("email  ada@example.com through localhost:\(server.port)\n  sent in "))
            let mail = try #require(server.accepted.first)
            #expect(mail.about["tls"] as? Bool == true && mail.about["to"] as? [String] == ["ada@example.com"])
            #expect(mail.content.contains("Subject: =?UTF-8?B?") && mail.content.contains("From: Pinson <pinson@"))
            #expect(mail.content.contains("This is a test of the alerts of Pinson."))
        }
    }

    @Test(
        "A failure is explained by its step, what the server said, and what to do",
        arguments: [
            ("starttls,refuse", "AUTH PLAIN", "535", "Check SMTP_USER and SMTP_PASSWORD."),
            ("starttls,greylist", "RCPT TO", "451 4.7.1 Greylisted", "The server asks to try it again later."),
            ("starttls,close", "Message", "has closed the connection", "The server may be busy"),
            ("plain", "STARTTLS", "does not offer it, so nothing was sent", "Set SMTP_PORT to a port with TLS"),
        ])
    func failures(modes: String, step: String, reason: String, advice: String) throws {
        try Workplace.withFolder { folder in
            let server = try AlertServer.mail(in: folder, modes)
            defer { server.stop() }
            let result = try test(server.mailEnvironment(password: modes.contains("refuse") ? "wrong" : "right"))
            #expect(result.status == 3, "\(result.error)")
            #expect(result.output.contains("  failed at: \(step)\n"), "\(result.output)")
            #expect(result.output.contains(reason) && result.output.contains("next step: \(advice)"))
            #expect(server.accepted.isEmpty)
            #expect(!result.output.contains("wrong") && !result.output.contains("cGluc29u"))
        }
    }

    @Test("A server whose certificate is not trusted, or is of another name, gets nothing")
    func certificates() throws {
        try Workplace.withFolder { folder in
            let server = try AlertServer.mail(in: folder, "starttls")
            defer { server.stop() }
            var environment = server.mailEnvironment()
            environment["SMTP_SERVER"] = "127.0.0.1"
            let other = try test(environment)
            #expect(other.status == 3 && other.output.contains("failed at: TLS"), "\(other.output)")
            environment = server.mailEnvironment()
            environment["SSL_CERT_FILE"] = folder.appendingPathComponent("none.pem").path
            let missing = try test(environment)
            #expect(missing.output.contains("none.pem', which cannot be read"), "\(missing.output)")
            environment["SSL_CERT_FILE"] = "/etc/ssl/certs/ca-certificates.crt"
            if FileManager.default.fileExists(atPath: "/etc/ssl/certs/ca-certificates.crt") {
                let untrusted = try test(environment)
                #expect(untrusted.output.contains("was not issued by an authority"), "\(untrusted.output)")
            }
            #expect(server.accepted.isEmpty)
        }
    }

    @Test("A webhook gets a signed request, and what it refuses is shown without the secret address")
    func webhooks() throws {
        try Workplace.withFolder { folder in
            let (good, bad) = (folder.appendingPathComponent("good"), folder.appendingPathComponent("bad"))
            for new in [good, bad] {
                try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true)
            }
            let server = try AlertServer("http", in: good, ["200"])
            let refusing = try AlertServer("http", in: bad, ["429", "404"])
            defer { [server, refusing].forEach { $0.stop() } }
            let environment = [
                "ALERT_WEBHOOK_URL": "http://127.0.0.1:\(server.port)/hook?key=1",
                "ALERT_WEBHOOK_SECRET": "0123456789abcdef",
                "ALERT_SLACK_URL": "http://127.0.0.1:\(refusing.port)/services/T0SECRET",
            ]
            let result = try test(environment, "--json")
            #expect(result.status == 3 && !result.output.contains("T0SECRET"), "\(result.output)")
            let outcomes = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
            #expect(outcomes.map { $0["channel"] as? String } == ["slack", "webhook"])
            #expect(outcomes.map { $0["arrived"] as? Bool } == [false, true])
            #expect((outcomes[0]["reason"] as? String)?.contains("status 429: \"invalid_token (hidden)\"") == true)
            let request = try #require(server.accepted.first)
            let headers = try #require(request.about["headers"] as? [String: String])
            #expect(request.about["path"] as? String == "/hook?key=1")
            #expect(headers["x-pinson-signature"]?.hasPrefix("sha256=") == true && headers["idempotency-key"] != nil)
            let again = try test(environment)
            #expect(again.output.contains("status 404") && again.output.contains("Make a new one"))
        }
    }

    @Test("A server that is not there is named, with what the system says")
    func missingServer() throws {
        try Workplace.withFolder { folder in
            let server = try AlertServer("http", in: folder, ["200"])
            server.stop()
            let result = try test(["ALERT_SLACK_URL": "http://127.0.0.1:\(server.port)/services/T0SECRET"])
            #expect(result.status == 3 && !result.output.contains("T0SECRET"))
            #expect(
                result.output.contains(
                    "The system says: Connection refused. The server is 127.0.0.1, port \(server.port)."),
                "\(result.output)")
        }
    }

    @Test("Without channels, or with wrong settings, the usage is wrong")
    func usage() throws {
        let none = try test([:])
        #expect(none.status == 2 && none.error.contains("No channel is set up. Set ADMIN_EMAIL"))
        let wrong = try test(["SMTP_SERVER": "localhost"])
        #expect(wrong.status == 2 && wrong.error.contains("The environment variable ADMIN_EMAIL is ''"))
    }
}
