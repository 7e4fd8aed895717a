import Alerts
import Feedback
import WebClient

/// What has happened to an alert, for the log and the metrics.
enum AlertEvent {
    /// An alert was raised by this instance.
    case raised(Alert)
    /// The line of an alert in the log.
    case logged(AlertMessage)
    /// A channel has accepted an alert, with a remark if there is something to say.
    case delivered(Alert, channel: String, remark: String?)
    /// An attempt has failed, and the next one follows after some milliseconds.
    case failed(Alert, channel: String, DeliveryFailure, attempt: Int, pause: Int)
    /// An alert is too old to be sent.
    case givenUp(Alert, channel: String, attempts: Int)
    /// A process has ended while it was sending an alert, so it may arrive twice.
    case interrupted(Alert, channel: String)
    /// The volume cannot be used.
    case volumeFailed(String)
}

/// One alert and one of its channels.
struct AlertTask: Hashable, Sendable {
    let number: Int
    let channel: String
}

/// A request that waits for the alert that its report has raised.
struct AlertWaiter: Sendable {
    let report: FeedbackID
    /// Is called once, with whether the alert was sent.
    let answer: @Sendable (Bool) -> Void
}
