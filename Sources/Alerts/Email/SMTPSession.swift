import WebClient

/// The conversation with a mail server as a value: an answer goes in, the next action comes out.
///
/// - Source: RFC 5321; RFC 3207 (STARTTLS); RFC 4954 (AUTH); RFC 4616 (PLAIN).
struct SMTPSession {
    /// What has to be done after an answer.
    enum Action: Equatable {
        /// Send this line.
        case send(String)
        /// Begin TLS, and then send this line.
        case startTLS(then: String)
        /// Send the message.
        case sendMessage
        /// The server has the message. Send this line and end.
        case delivered(then: String, remark: String?)
        case fail(DeliveryFailure)
    }

    /// What the next answer is about.
    enum Step: String {
        case greeting = "Greeting"
        case ehlo = "EHLO"
        case startTLS = "STARTTLS"
        case plain = "AUTH PLAIN"
        case loginUser = "AUTH LOGIN"
        case loginPassword = "AUTH LOGIN, name"
        case loginEnd = "AUTH LOGIN, password"
        case sender = "MAIL FROM"
        case recipient = "RCPT TO"
        case data = "DATA"
        case message = "Message"
        case end = "QUIT"
    }

    private let settings: EmailSettings
    private let client: String
    private(set) var step = Step.greeting
    private var isProtected: Bool
    private var waiting: [String]
    private var accepted = 0
    private var refusals: [String] = []

    /// - Parameters:
    ///   - settings: The server and the addresses.
    ///   - client: How the client names itself.
    init(_ settings: EmailSettings, client: String) {
        (self.settings, self.client) = (settings, client)
        isProtected = settings.security == .implicit
        waiting = settings.recipients
    }

    /// Takes an answer.
    mutating func receive(_ reply: SMTPReply) -> Action {
        switch (step, reply.code) {
        case (.greeting, 220): return next(.ehlo, "EHLO \(client)")
        case (.ehlo, 250): return greeted(reply)
        case (.startTLS, 220):
            isProtected = true
            step = .ehlo
            return .startTLS(then: "EHLO \(client)")
        case (.plain, 334): return next(.plain, plain)
        case (.loginUser, 334): return next(.loginPassword, Base64.encoded(Array((settings.user ?? "").utf8)))
        case (.loginPassword, 334): return next(.loginEnd, Base64.encoded(Array((settings.password ?? "").utf8)))
        case (.plain, 235), (.loginEnd, 235): return sender
        case (.sender, 250): return nextRecipient
        case (.recipient, 250), (.recipient, 251), (.recipient, 252):
            accepted += 1
            return nextRecipient
        case (.recipient, 500..<600):
            refusals.append("'\(current)' was refused: \(said(reply)).")
            // One wrong address must not keep the alert from the others.
            return waiting.isEmpty && accepted == 0 ? .fail(failure(reply)) : nextRecipient
        case (.data, 354):
            step = .message
            return .sendMessage
        case (.message, 250):
            step = .end
            return .delivered(then: "QUIT", remark: refusals.isEmpty ? nil : refusals.joined(separator: " "))
        default: return .fail(failure(reply))
        }
    }

    private var current = ""

    private mutating func next(_ step: Step, _ line: String) -> Action {
        self.step = step
        return .send(line)
    }

    private var sender: Action {
        mutating get { next(.sender, "MAIL FROM:<\(settings.sender)>") }
    }

    private var nextRecipient: Action {
        mutating get {
            guard !waiting.isEmpty else { return next(.data, "DATA") }
            current = waiting.removeFirst()
            return next(.recipient, "RCPT TO:<\(current)>")
        }
    }

    private var plain: String {
        Base64.encoded([0] + Array((settings.user ?? "").utf8) + [0] + Array((settings.password ?? "").utf8))
    }

    private mutating func greeted(_ reply: SMTPReply) -> Action {
        let capabilities = reply.lines.dropFirst().map { $0.uppercased().split(separator: " ").map(String.init) }
        if !isProtected, settings.security == .startTLS {
            guard capabilities.contains(where: { $0.first == "STARTTLS" }) else {
                return .fail(
                    DeliveryFailure(
                        step: "STARTTLS", reason: "The server does not offer it, so nothing was sent.",
                        advice:
                            "Set SMTP_PORT to a port with TLS, such as 465, or SMTP_SECURITY to tls, or to none for "
                            + "a server that needs neither TLS nor a password.", isRefusal: true))
            }
            return next(.startTLS, "STARTTLS")
        }
        guard settings.password != nil, isProtected else { return sender }
        let mechanisms = capabilities.filter { $0.first == "AUTH" }.flatMap { $0.dropFirst() }
        if mechanisms.contains("PLAIN") { return next(.plain, "AUTH PLAIN \(plain)") }
        if mechanisms.contains("LOGIN") { return next(.loginUser, "AUTH LOGIN") }
        let offered = mechanisms.isEmpty ? "none" : mechanisms.joined(separator: ", ")
        return .fail(
            DeliveryFailure(
                step: "AUTH", reason: "The server offers neither PLAIN nor LOGIN, but \(quoted(offered)).",
                advice: "Use a server that does, or remove SMTP_PASSWORD and SMTP_USER if it needs no password.",
                isRefusal: true))
    }

    private func said(_ reply: SMTPReply) -> String {
        let password = settings.password ?? ""
        return quoted(reply.text, hiding: [plain, Base64.encoded(Array(password.utf8)), password])
    }

    private func failure(_ reply: SMTPReply) -> DeliveryFailure {
        let advice =
            switch (step, reply.code) {
            case (.plain, 535), (.loginUser, _), (.loginPassword, _), (.loginEnd, 535):
                "Check SMTP_USER and SMTP_PASSWORD. Some services want a password made for programs."
            case (.plain, 530), (.sender, 530): "Set SMTP_USER and SMTP_PASSWORD, which this server demands."
            case (.sender, 500..<600): "Check whether this server sends e-mails of SMTP_EMAIL."
            case (.recipient, 500..<600): "Check the addresses in ADMIN_EMAIL."
            case (_, 400..<500): "The server asks to try it again later."
            default: "Ask the operator of the server what this answer means."
            }
        return DeliveryFailure(
            step: step.rawValue, reason: "The server says \(said(reply)).", advice: advice,
            isRefusal: (500..<600).contains(reply.code))
    }
}
