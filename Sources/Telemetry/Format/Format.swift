import JSON
import WebClient

/// The way in which a kind of server wants to be told of events.
protocol Format: Sendable {
    /// The name of the destination in metrics and in the log.
    var destination: String { get }
    /// The media type of the body.
    var contentType: String { get }

    /// Whether the destination is told of an event.
    func accepts(_ event: TelemetryEvent) -> Bool

    /// Writes an event.
    func item(_ event: TelemetryEvent) -> [UInt8]

    /// Writes a body with these events.
    func body(_ items: [[UInt8]]) -> [UInt8]

    /// What an answer means for the events that were sent.
    func outcome(_ answer: WebAnswer, _ count: Int) -> Outcome
}

/// What became of the events of one request.
enum Outcome: Equatable {
    /// The server has taken them, except for some.
    case taken(rejected: Int)
    /// The server wants some of them again. Others it has rejected.
    case again(items: [Int], rejected: Int)
    /// The server does not want them.
    case rejected
    /// Another server takes them.
    case moved(WebAddress)
}
