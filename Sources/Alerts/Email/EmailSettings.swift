import WebClient

/// The server and the addresses of e-mails.
public struct EmailSettings: Sendable, Equatable {
    /// How the connection is protected.
    public enum Security: String, Sendable, CaseIterable {
        /// TLS begins after the command STARTTLS.
        case startTLS = "starttls"
        /// TLS begins at once.
        case implicit = "tls"
        /// The connection has no TLS, so no password is sent over it.
        case none
    }

    /// The name or the address of the server.
    public var host: String
    /// Its port.
    public var port: Int
    /// How the connection is protected.
    public var security: Security
    /// The name of the account, or nil if the server wants none.
    public var user: String?
    /// The password of the account.
    public var password: String?
    /// The address of the sender.
    public var sender: String
    /// The name of the sender.
    public var alias: String
    /// The addresses of the recipients.
    public var recipients: [String]

    static let names = [
        "ADMIN_EMAIL", "SMTP_SERVER", "SMTP_PORT", "SMTP_SECURITY", "SMTP_EMAIL", "SMTP_USER", "SMTP_PASSWORD",
        "SMTP_FROM_ALIAS",
    ]

    /// Reads the settings, or returns nil if none of them is set.
    init?(reading value: (String) -> String?) throws(AlertSettingsError) {
        guard Self.names.contains(where: { value($0) != nil }) else { return nil }
        func required(_ name: String, _ expected: String) throws(AlertSettingsError) -> String {
            guard let text = value(name) else {
                throw AlertSettingsError(name, found: "", expected: "\(expected), because e-mails are set up")
            }
            return text
        }
        host = try required("SMTP_SERVER", "the name of a server such as smtp.example.com")
        guard WebAddress.isHost(host[...]) else {
            throw AlertSettingsError("SMTP_SERVER", found: host, expected: "the name of a server without a port")
        }
        port = 587
        if let text = value("SMTP_PORT") {
            guard let number = Int(text), (1...65535).contains(number) else {
                throw AlertSettingsError("SMTP_PORT", found: text, expected: "an integer from 1 to 65535")
            }
            port = number
        }
        security = port == 465 ? .implicit : .startTLS
        if let text = value("SMTP_SECURITY") {
            guard let named = Security(rawValue: text) else {
                throw AlertSettingsError(
                    "SMTP_SECURITY", found: text,
                    expected: "one of \(Security.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            security = named
        }
        let list = try required("ADMIN_EMAIL", "one or more addresses with commas between them")
        recipients = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            recipients.append(try Self.address("ADMIN_EMAIL", trimmed(part)))
        }
        guard recipients.count <= 50 else {
            throw AlertSettingsError(
                "ADMIN_EMAIL", found: "\(recipients.count) addresses", expected: "at most 50 addresses")
        }
        sender = try Self.address("SMTP_EMAIL", required("SMTP_EMAIL", "the address of the sender"))
        alias = value("SMTP_FROM_ALIAS") ?? "Pinson"
        guard alias.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw AlertSettingsError("SMTP_FROM_ALIAS", found: "(hidden)", expected: "a name in one line")
        }
        password = value("SMTP_PASSWORD")
        user = value("SMTP_USER") ?? (password == nil ? nil : sender)
        if user != nil, password == nil { _ = try required("SMTP_PASSWORD", "the password of SMTP_USER") }
        guard security != .none || password == nil else {
            throw AlertSettingsError(
                "SMTP_SECURITY", found: "none",
                expected: "starttls or tls, because a password is never sent without TLS")
        }
        guard (user ?? "").utf8.allSatisfy({ $0 != 0 }), (password ?? "").utf8.allSatisfy({ $0 != 0 }) else {
            throw AlertSettingsError("SMTP_PASSWORD", found: "(hidden)", expected: "a text without null characters")
        }
    }

    /// Checks that a text is one address that can be part of a command and of a header.
    private static func address(_ name: String, _ text: String) throws(AlertSettingsError) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let forbidden = Set("()<>[]:;,\\\"".utf8)
        guard parts.count == 2, !parts[0].isEmpty, WebAddress.isHost(parts[1][...]), text.utf8.count <= 254,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !forbidden.contains($0) })
        else {
            throw AlertSettingsError(name, found: text, expected: "an address such as ada@example.com")
        }
        return text
    }
}

/// A text without the spaces at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    String(Substring(text).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}
