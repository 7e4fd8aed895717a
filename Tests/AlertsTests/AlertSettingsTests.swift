import Alerts
import Feedback
import Testing

/// The environment variables of alerts.
@Suite struct AlertSettingsTests {
    private static let email = [
        "SMTP_SERVER": "mail.example.com", "ADMIN_EMAIL": "ada@example.com, bob@example.com",
        "SMTP_EMAIL": "pinson@example.com", "SMTP_PASSWORD": "very secret",
    ]

    private func settings(_ variables: [String: String]) throws -> AlertSettings {
        try AlertSettings { variables[$0] }
    }

    @Test("Without variables, three reports in five minutes are an alert in the log")
    func defaults() throws {
        let settings = try settings([:])
        #expect(settings.rule == AlertRule(threshold: 3, window: 300_000, cooldown: 900_000))
        #expect(settings.channels.isEmpty && settings.isOn)
    }

    @Test("Times have units", arguments: [("90", 90), ("90s", 90), ("7m", 420), ("2h", 7200), ("1d", 86_400)])
    func times(text: String, seconds: Int) throws {
        #expect(try settings(["ALERT_WINDOW": text]).rule.window == seconds * 1000)
    }

    @Test("The variables of an e-mail are those of the earlier service")
    func email() throws {
        guard case .email(let email) = try settings(Self.email).channels.first else {
            Issue.record("no e-mail")
            return
        }
        #expect(email.host == "mail.example.com" && email.port == 587 && email.security == .startTLS)
        #expect(email.user == "pinson@example.com" && email.password == "very secret" && email.alias == "Pinson")
        #expect(email.recipients == ["ada@example.com", "bob@example.com"])
        guard case .email(let other) = try settings(Self.email.merging(["SMTP_PORT": "465"]) { $1 }).channels.first
        else {
            return
        }
        #expect(other.security == .implicit)
    }

    @Test("Each chat has its address, and several may be used at once")
    func webhooks() throws {
        let settings = try settings(
            [
                "ALERT_SLACK_URL": "https://hooks.slack.com/services/T/B/x",
                "ALERT_WEBHOOK_URL": "http://intern:8080/a?b=c",
                "ALERT_WEBHOOK_SECRET": "0123456789abcdef", "ALERT_DISCORD_URL": "https://discord.com/api/webhooks/1/x",
                "ALERT_TEAMS_URL": "https://[::1]:444/x", "ALERT_MATTERMOST_URL": "https://chat.example.com/hooks/x",
            ].merging(Self.email) { $1 })
        #expect(settings.channels.map(\.name) == ["email", "slack", "mattermost", "discord", "teams", "webhook"])
        #expect(
            settings.channels.map(\.destination)[1...] == [
                "https://hooks.slack.com", "https://chat.example.com", "https://discord.com", "https://[::1]:444",
                "http://intern:8080",
            ])
    }

    @Test(
        "A value that is not valid is refused with its name, and a secret is not shown",
        arguments: [
            (["ALERT_THRESHOLD": "-1"], "ALERT_THRESHOLD"), (["ALERT_WINDOW": "5 m"], "ALERT_WINDOW"),
            (["ALERT_WINDOW": "0"], "ALERT_WINDOW"), (["ALERT_WINDOW": "99999999999999999h"], "ALERT_WINDOW"),
            (["ALERT_COOLDOWN": "-5m"], "ALERT_COOLDOWN"), (["ALERT_MAX_AGE": "1"], "ALERT_MAX_AGE"),
            (["ALERT_TIMEOUT": "2m"], "ALERT_TIMEOUT"),
            (["DRIFT_WINDOW": "99"], "DRIFT_WINDOW"), (["DRIFT_ALPHA": "nan"], "DRIFT_ALPHA"),
            (["SMTP_SERVER": "a"], "ADMIN_EMAIL"), (["ADMIN_EMAIL": "a@b"], "SMTP_SERVER"),
            (["SMTP_SERVER": "a:25", "ADMIN_EMAIL": "a@b", "SMTP_EMAIL": "a@b"], "SMTP_SERVER"),
            (["SMTP_SERVER": "a", "ADMIN_EMAIL": "a@b\r\nBcc: c@d", "SMTP_EMAIL": "a@b"], "ADMIN_EMAIL"),
            (["SMTP_SERVER": "a", "ADMIN_EMAIL": "a@b,", "SMTP_EMAIL": "a@b"], "ADMIN_EMAIL"),
            (["SMTP_SERVER": "a", "ADMIN_EMAIL": "a@b", "SMTP_EMAIL": "a>@b"], "SMTP_EMAIL"),
            (
                ["SMTP_SERVER": "a", "ADMIN_EMAIL": "a@b", "SMTP_EMAIL": "a@b", "SMTP_FROM_ALIAS": "a\nb"],
                "SMTP_FROM_ALIAS"
            ),
            (["SMTP_SERVER": "a", "ADMIN_EMAIL": "a@b", "SMTP_EMAIL": "a@b", "SMTP_USER": "u"], "SMTP_PASSWORD"),
            (
                [
                    "SMTP_SERVER": "a", "ADMIN_EMAIL": "a@b", "SMTP_EMAIL": "a@b", "SMTP_PASSWORD": "secret",
                    "SMTP_SECURITY": "none",
                ], "SMTP_SECURITY"
            ),
            (["ALERT_SLACK_URL": "secret"], "ALERT_SLACK_URL"),
            (["ALERT_SLACK_URL": "http://hooks.slack.com/secret"], "ALERT_SLACK_URL"),
            (["ALERT_SLACK_URL": "https://user:secret@a/"], "ALERT_SLACK_URL"),
            (["ALERT_WEBHOOK_URL": "https://a/\r\nX: secret"], "ALERT_WEBHOOK_URL"),
            (["ALERT_WEBHOOK_URL": "https://a:0/"], "ALERT_WEBHOOK_URL"),
            (["ALERT_WEBHOOK_SECRET": "0123456789abcdef"], "ALERT_WEBHOOK_URL"),
            (["ALERT_WEBHOOK_URL": "https://a/", "ALERT_WEBHOOK_SECRET": "secret"], "ALERT_WEBHOOK_SECRET"),
        ])
    func mistakes(variables: [String: String], name: String) {
        let error = #expect(throws: AlertSettingsError.self) { try settings(variables) }
        #expect(error?.name == name)
        #expect(error?.found.contains("secret") == false)
    }
}
