public import NIOCore
import WebClient

/// A place where alerts are sent.
public enum AlertChannel: Sendable, Equatable {
    /// An e-mail through a server.
    case email(EmailSettings)
    /// A request to the address of a chat or of another program.
    case webhook(WebhookSettings)

    /// The name of the channel, of which there is only one with this name.
    public var name: String {
        switch self {
        case .email: "email"
        case .webhook(let settings): settings.format.rawValue
        }
    }

    /// Where the channel leads, without secrets.
    public var destination: String {
        switch self {
        case .email(let settings):
            "\(settings.recipients.joined(separator: ", ")) through \(settings.host):\(settings.port)"
        case .webhook(let settings): settings.address.origin
        }
    }

    /// The time that sending may take.
    public static let timeout = TimeAmount.seconds(20)

    /// Sends a message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - eventLoop: Where the connection lives.
    /// - Returns: Success when the server has accepted the message, with a remark if there is something to say, or a
    ///   `DeliveryFailure`.
    public func send(_ message: AlertMessage, on eventLoop: any EventLoop) -> EventLoopFuture<String?> {
        switch self {
        case .email(let settings): EmailClient(settings).send(message, on: eventLoop)
        case .webhook(let settings): WebhookClient(settings).send(message, on: eventLoop)
        }
    }
}
