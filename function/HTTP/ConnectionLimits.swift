import NIOCore

/// How many connections there may be, how much of them is kept in memory, and how long they may take.
struct ConnectionLimits: Sendable, Equatable {
    /// The most connections at the same time.
    var connections = 2048
    /// The most connections of one client address, or 0 for no limit of its own.
    ///
    /// A load balancer has one address for all its clients.
    var connectionsPerAddress = 0
    /// The number of connections beyond the limit that are accepted for one request each.
    ///
    /// Only requests of platforms for health and metrics are answered there. All others are refused.
    var reserve = 16
    /// The most bytes of unfinished bodies, over all connections.
    var bodyBytes = 16 * 1024 * 1024
    /// A connection that waits for its client for this time makes room for a new one if there is no other room.
    var stale = TimeAmount.seconds(5)
    /// A connection beyond the limit makes room for another one after this time.
    var staleSurplus = TimeAmount.milliseconds(100)

    /// A connection is closed if it is not used for this time, which is longer than load balancers keep connections.
    var idle = TimeAmount.seconds(120)
    /// The time from the first byte of a request to the end of its headers.
    var head = TimeAmount.seconds(10)
    /// The time from the first byte of a request to its last one.
    var request = TimeAmount.seconds(30)
    /// The time in which a client must read an answer.
    var write = TimeAmount.seconds(60)
    /// The time for which a client may keep sending after it was told that the connection ends.
    var linger = TimeAmount.seconds(1)
    /// The time for which an idle connection is kept after SIGTERM, since a request may be on its way.
    var drainIdle = TimeAmount.milliseconds(500)

    /// The most bytes of the headers of a request.
    static let headerBytes = 32 * 1024

    /// The time between two looks for connections that take too long.
    var sweepInterval: TimeAmount {
        let shortest = min(idle, head, request, write, linger, drainIdle)
        return .nanoseconds(min(max(shortest.nanoseconds / 4, 20_000_000), 250_000_000))
    }
}
