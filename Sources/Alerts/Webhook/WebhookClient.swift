import NIOCore
import WebClient

/// Sends alerts to webhooks.
struct WebhookClient {
    private let settings: WebhookSettings

    init(_ settings: WebhookSettings) { self.settings = settings }

    /// Sends a message on a connection of its own.
    func send(_ message: AlertMessage, on eventLoop: any EventLoop) -> EventLoopFuture<String?> {
        let content = WebhookRequest(message, settings)
        let request = WebRequest(
            settings.address, headers: content.headers, body: content.body, timeout: AlertChannel.timeout)
        return request.send(on: eventLoop).flatMapThrowing { answer in
            if let failure = failure(answer) { throw failure }
            return nil
        }
    }

    /// What an answer says that has not accepted the message, or nil if it has.
    func failure(_ answer: WebAnswer) -> DeliveryFailure? {
        let status = answer.status
        guard !(200..<300).contains(status) else { return nil }
        let secrets = [settings.address.target, settings.secret ?? ""].filter { $0.utf8.count > 1 }
        let said = quoted(String(decoding: answer.body, as: UTF8.self), hiding: secrets)
        let isBusy = status == 429 || status >= 500
        let advice =
            switch status {
            case 300..<400: "Set \(settings.format.variable) to the address that the server redirects to."
            case 429: "The server asks for a pause."
            case 401, 403, 404, 410:
                "The address may be withdrawn. Make a new one, and set \(settings.format.variable)."
            case 500...: "The server has a problem of its own."
            default: "Check whether \(settings.format.variable) is the address of such a service."
            }
        return DeliveryFailure(
            step: "POST", reason: "\(settings.address.origin) answers with status \(status): \(said).", advice: advice,
            isRefusal: !isBusy, retryAfter: isBusy ? RetryAfter.milliseconds(answer.retryAfter) : nil)
    }
}
