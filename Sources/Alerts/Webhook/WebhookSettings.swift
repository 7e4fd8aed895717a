public import WebClient

/// Where requests with alerts are sent, and in which form.
public struct WebhookSettings: Sendable, Equatable {
    /// The form of the body.
    public enum Format: String, Sendable, CaseIterable {
        /// An incoming webhook of Slack.
        case slack
        /// An incoming webhook of Mattermost.
        case mattermost
        /// A webhook of a channel of Discord.
        case discord
        /// A workflow of Microsoft Teams that posts an adaptive card.
        case teams
        /// JSON for programs.
        case webhook

        /// The environment variable with the address.
        public var variable: String {
            switch self {
            case .slack: "ALERT_SLACK_URL"
            case .mattermost: "ALERT_MATTERMOST_URL"
            case .discord: "ALERT_DISCORD_URL"
            case .teams: "ALERT_TEAMS_URL"
            case .webhook: "ALERT_WEBHOOK_URL"
            }
        }
    }

    /// The form of the body.
    public var format: Format
    /// The address, whose path may be a secret.
    public var address: WebAddress
    /// The key with which requests for programs are signed, or nil.
    public var secret: String?

    static let shortestSecret = 16

    /// Reads the settings, or returns nil if the format has no address.
    init?(_ format: Format, reading value: (String) -> String?) throws(AlertSettingsError) {
        let secret = format == .webhook ? value("ALERT_WEBHOOK_SECRET") : nil
        guard let text = value(format.variable) else {
            guard secret == nil else {
                throw AlertSettingsError(
                    format.variable, found: "", expected: "an address, because ALERT_WEBHOOK_SECRET is set")
            }
            return nil
        }
        let example = "an address such as https://example.com/path, without a user"
        guard let address = WebAddress(text) else {
            throw AlertSettingsError(format.variable, found: "(hidden)", expected: example)
        }
        let mayBePlain = format == .webhook || format == .mattermost || address.isLoopback
        guard address.usesTLS || mayBePlain else {
            throw AlertSettingsError(
                format.variable, found: "(hidden)", expected: "an address with https, because it holds a secret")
        }
        guard (secret ?? String(repeating: " ", count: Self.shortestSecret)).utf8.count >= Self.shortestSecret else {
            throw AlertSettingsError(
                "ALERT_WEBHOOK_SECRET", found: "(hidden)",
                expected: "a secret of at least \(Self.shortestSecret) characters")
        }
        (self.format, self.address, self.secret) = (format, address, secret)
    }
}
