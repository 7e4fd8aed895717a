import NIOConcurrencyHelpers
import NIOCore
import Synchronization

/// The open connections.
///
/// It admits new connections, tells connections that take too long, and knows when all have ended. Its methods may be
/// called from any thread.
final class Connections: Sendable {
    /// What happened to connections since the start.
    struct Counts: Equatable, Sendable {
        var open = 0
        /// Connections that were closed at once because there were too many.
        var refused = 0
        /// Connections that were closed to make room for others.
        var evicted = 0
    }

    private struct State {
        var open: [ObjectIdentifier: Connection] = [:]
        var perAddress: [String: Int] = [:]
        var counts = Counts()
        var lastReport = NIODeadline.distantPast
        var isDraining = false
        /// Succeeds when no connection is open any more.
        var ended: EventLoopPromise<Void>?
    }

    let limits: ConnectionLimits
    private let state = NIOLockedValueBox(State())
    /// The bytes of unfinished bodies, over all connections.
    private let bodyBytes = Atomic(0)

    /// Tells people that there are too many connections.
    private let report: @Sendable () -> Void

    /// The shortest time between two reports.
    private static let reportInterval = TimeAmount.seconds(60)

    /// No connections.
    ///
    /// - Parameters:
    ///   - limits: How many connections there may be, and how long they may take.
    ///   - report: Tells people that there are too many connections. It is called at most once a minute.
    init(_ limits: ConnectionLimits, report: @escaping @Sendable () -> Void = {}) {
        self.limits = limits
        self.report = report
    }

    var counts: Counts {
        state.withLockedValue { state in
            var counts = state.counts
            counts.open = state.open.count
            return counts
        }
    }

    var isDraining: Bool { state.withLockedValue { $0.isDraining } }

    /// A connection was accepted.
    ///
    /// If there are too many, the one that waits for its client for the longest time makes room. If none of them waits
    /// for long, the new one is a surplus. If there are too many of these as well, one of them makes room in the same
    /// way, or the new one is refused.
    ///
    /// - Returns: The connection, or nil if it is refused.
    func admit(_ channel: any Channel, now: NIODeadline) -> Connection? {
        let address = limits.connectionsPerAddress > 0 ? channel.remoteAddress?.ipAddress : nil
        let (connection, evicted, isNews) = state.withLockedValue { state -> (Connection?, Connection?, Bool) in
            let hasMany = address.map { state.perAddress[$0, default: 0] >= limits.connectionsPerAddress } ?? false
            let isFull = state.open.count >= limits.connections
            var evicted: Connection?
            if isFull || hasMany {
                let candidates = state.open.values.lazy.filter { !hasMany || $0.address == address }
                evicted = Self.stalest(candidates, before: now - limits.stale)
            }
            let isSurplus = (isFull || hasMany) && evicted == nil
            if isSurplus, state.open.count >= limits.connections + limits.reserve {
                evicted = Self.stalest(state.open.values.lazy.filter(\.isSurplus), before: now - limits.staleSurplus)
                guard evicted != nil else {
                    state.counts.refused += 1
                    return (nil, nil, false)
                }
            }
            if evicted != nil { state.counts.evicted += 1 }
            let connection = Connection(channel, address: address, isSurplus: isSurplus, now: now)
            state.open[ObjectIdentifier(channel)] = connection
            if let address { state.perAddress[address, default: 0] += 1 }
            let isNews = isSurplus && now - state.lastReport >= Self.reportInterval
            if isNews { state.lastReport = now }
            return (connection, evicted, isNews)
        }
        if isNews { report() }
        evicted.map { tell($0, .evicted) }
        return connection
    }

    /// A connection was closed.
    func closed(_ connection: Connection) {
        hold(0, connection)
        let ended = state.withLockedValue { state -> EventLoopPromise<Void>? in
            state.open[ObjectIdentifier(connection.channel)] = nil
            if let address = connection.address {
                let count = state.perAddress[address, default: 1] - 1
                state.perAddress[address] = count > 0 ? count : nil
            }
            return state.open.isEmpty ? state.ended : nil
        }
        ended?.succeed()
    }

    /// The unfinished body of a connection has `bytes` bytes now.
    ///
    /// If there are too many bytes over all connections, the connection whose body takes the longest
    /// time is told to end.
    func hold(_ bytes: Int, _ connection: Connection, now: NIODeadline = .now()) {
        let change = bytes - connection.bodyBytes
        guard change != 0 else { return }
        connection.bodyBytes = bytes
        let total = bodyBytes.wrappingAdd(change, ordering: .relaxed).newValue
        guard change > 0, total > limits.bodyBytes else { return }
        let evicted = state.withLockedValue { state -> Connection? in
            let evicted = Self.stalest(state.open.values.lazy.filter { $0.bodyBytes > 0 }, before: now)
            if evicted != nil { state.counts.evicted += 1 }
            return evicted
        }
        evicted.map { tell($0, .evicted) }
    }

    /// Tells each connection whose deadline has passed.
    func sweep(now: NIODeadline) {
        let late = state.withLockedValue { state in
            state.open.values.filter { connection in connection.deadline.map { $0 <= now } ?? false }
        }
        for connection in late { tell(connection, .deadline) }
    }

    /// Tells each connection to end after its current request, and those that are accepted from now on too.
    func drain() {
        state.withLockedValue { $0.isDraining = true }
        tellAll(.draining)
    }

    /// Waits until no connection is open any more.
    ///
    /// - Parameter eventLoop: The event loop of the result.
    /// - Returns: A future that succeeds then.
    func ended(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let isEmpty = state.withLockedValue { state in
            state.ended = promise
            return state.open.isEmpty
        }
        if isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// Tells each connection that the time to drain is over.
    func expire() { tellAll(.expired) }

    /// Closes all connections.
    func closeAll() {
        for connection in state.withLockedValue({ Array($0.open.values) }) { connection.channel.close(promise: nil) }
    }

    private func tellAll(_ event: ConnectionEvent) {
        for connection in state.withLockedValue({ Array($0.open.values) }) { tell(connection, event) }
    }

    private func tell(_ connection: Connection, _ event: ConnectionEvent) {
        connection.channel.pipeline.fireUserInboundEventTriggered(event)
    }

    /// The connection that waits for its client for the longest time, if it does so since before `limit`.
    private static func stalest(_ connections: some Sequence<Connection>, before limit: NIODeadline) -> Connection? {
        var stalest: (connection: Connection, since: NIODeadline)?
        for connection in connections {
            guard let since = connection.waitingSince, since < (stalest?.since ?? limit) else { continue }
            stalest = (connection, since)
        }
        return stalest?.connection
    }
}
