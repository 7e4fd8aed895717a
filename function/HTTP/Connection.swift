import NIOCore
import Synchronization

/// What the server knows of an open connection.
///
/// The handler of the connection writes it, and `Connections` reads it.
final class Connection: Sendable {
    let channel: any Channel
    /// The address of the client, if connections are counted by address.
    let address: String?
    /// Whether the connection is beyond the limit.
    ///
    /// It is closed after one request.
    let isSurplus: Bool
    private let deadlineTime = Atomic(UInt64.max)
    private let waitingTime: Atomic<UInt64>
    private let bodyByteCount = Atomic(0)

    init(_ channel: any Channel, address: String?, isSurplus: Bool, now: NIODeadline) {
        self.channel = channel
        self.address = address
        self.isSurplus = isSurplus
        waitingTime = Atomic(now.uptimeNanoseconds)
    }

    /// The time at which the connection has taken too long, or nil.
    var deadline: NIODeadline? {
        get { Self.time(deadlineTime) }
        set { deadlineTime.store(newValue?.uptimeNanoseconds ?? .max, ordering: .relaxed) }
    }

    /// The time since when the connection waits for its client, or nil while a request is computed.
    var waitingSince: NIODeadline? {
        get { Self.time(waitingTime) }
        set { waitingTime.store(newValue?.uptimeNanoseconds ?? .max, ordering: .relaxed) }
    }

    /// The bytes of a body that is not complete.
    var bodyBytes: Int {
        get { bodyByteCount.load(ordering: .relaxed) }
        set { bodyByteCount.store(newValue, ordering: .relaxed) }
    }

    private static func time(_ value: borrowing Atomic<UInt64>) -> NIODeadline? {
        let nanoseconds = value.load(ordering: .relaxed)
        return nanoseconds == .max ? nil : .uptimeNanoseconds(nanoseconds)
    }
}

/// What the server tells the handler of a connection.
enum ConnectionEvent: Equatable, Sendable {
    /// The deadline of the connection has passed.
    case deadline
    /// Another connection needs the room.
    case evicted
    /// The function drains.
    case draining
    /// The time to drain is over.
    case expired
}
