/// What became of the events for one destination.
///
/// Each event is counted once: it waits, or it has one of the results.
public struct DestinationCounts: Equatable, Sendable {
    /// The name of the destination.
    public var destination: String
    /// The events that wait, or are being sent.
    public var waiting = 0
    /// The events that the server has taken.
    public var sent = 0
    /// The events that were dropped because too many waited.
    public var overflowed = 0
    /// The events that the server has rejected.
    public var rejected = 0
    /// The events that were dropped after many attempts.
    public var expired = 0
    /// The events that were left when the function ended.
    public var left = 0
    /// The requests to the server that have failed, or that it wants again.
    public var failures = 0

    init(_ destination: String) { self.destination = destination }

    /// The events that are lost.
    public var lost: Int { overflowed + rejected + expired + left }

    /// The results and their numbers, as metrics name them.
    public var results: [(name: String, count: Int)] {
        [
            ("sent", sent), ("overflowed", overflowed), ("rejected", rejected), ("expired", expired), ("left", left),
        ]
    }
}

/// What the log is told about the delivery of telemetry.
public enum DeliveryEvent: Sendable {
    /// The server does not take anything at present. The next attempt follows after some milliseconds.
    case failing(DestinationCounts, reason: String, pause: Int)
    /// The server takes events again, after some of them were lost.
    case recovered(DestinationCounts, lost: Int)
    /// The server has rejected some events.
    case rejected(DestinationCounts, status: Int, count: Int)
    /// Some events were left when the function ended.
    case left(DestinationCounts)
}
