import NIOCore
import NIOEmbedded
import Testing

@testable import function

/// Which connections are admitted, and which of them make room.
@Suite struct ConnectionsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        (limits.connections, limits.reserve, limits.bodyBytes) = (3, 2, 1000)
        return limits
    }

    /// Remembers what its channel is told.
    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = Never
        var events: [ConnectionEvent] = []
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ConnectionEvent { events.append(event) }
        }
    }

    private func channel(_ address: String = "10.0.0.1") throws -> (EmbeddedChannel, Listener) {
        let listener = Listener()
        let channel = EmbeddedChannel(handler: listener)
        channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1)
        return (channel, listener)
    }

    @Test func aFewConnectionsBeyondTheLimitAreASurplusAndTheRestIsRefused() throws {
        let connections = Connections(limits)
        let admitted = try (0..<6).map { _ in connections.admit(try channel().0, now: start) }
        #expect(admitted.map { $0?.isSurplus } == [false, false, false, true, true, nil])
        #expect(connections.counts == .init(open: 5, refused: 1, evicted: 0))
        let later = connections.admit(try channel().0, now: start + .milliseconds(101))
        #expect(later?.isSurplus == true, "a surplus makes room for another one")
        #expect(connections.counts.evicted == 1)
        (admitted + [later]).compactMap(\.self).forEach(connections.closed)
        #expect(connections.counts.open == 0)
    }

    @Test func theConnectionThatWaitsForItsClientForTheLongestTimeMakesRoom() throws {
        let connections = Connections(limits)
        var listeners: [Listener] = []
        for seconds in [0, 2, 1] as [Int64] {
            let (channel, listener) = try channel()
            listeners.append(listener)
            let connection = try #require(connections.admit(channel, now: start))
            connection.waitingSince = seconds == 0 ? nil : start + .seconds(seconds)
        }
        #expect(
            connections.admit(try channel().0, now: start + .seconds(6))?.isSurplus == true, "none waits for 5 s yet")
        #expect(connections.admit(try channel().0, now: start + .seconds(7))?.isSurplus == false)
        #expect(listeners.map(\.events) == [[], [], [.evicted]])
        #expect(connections.counts.evicted == 1)
    }

    @Test func oneAddressMayHaveALimitOfItsOwn() throws {
        var limits = limits
        (limits.connections, limits.connectionsPerAddress, limits.reserve) = (10, 2, 0)
        let connections = Connections(limits)
        func admit(_ address: String) throws -> Connection? {
            connections.admit(try channel(address).0, now: start)
        }
        let first = try admit("10.0.0.1")
        #expect(try admit("10.0.0.1")?.isSurplus == false)
        #expect(try admit("10.0.0.1")?.isSurplus == true)
        #expect(try admit("10.0.0.2")?.isSurplus == false)
        first.map(connections.closed)
    }

    @Test func theSlowestUnfinishedBodyMakesRoom() throws {
        let connections = Connections(limits)
        var listeners: [Listener] = []
        var open: [Connection] = []
        for seconds in [3, 1, 2] as [Int64] {
            let (channel, listener) = try channel()
            listeners.append(listener)
            open.append(try #require(connections.admit(channel, now: start)))
            open.last?.waitingSince = start + .seconds(seconds)
        }
        connections.hold(400, open[0], now: start + .seconds(4))
        connections.hold(400, open[2], now: start + .seconds(4))
        #expect(listeners.allSatisfy { $0.events.isEmpty })
        connections.hold(300, open[0], now: start + .seconds(4))
        connections.hold(700, open[0], now: start + .seconds(4))
        #expect(listeners.map(\.events) == [[], [], [.evicted]], "the second has no body")
        connections.hold(0, open[2])
        connections.hold(710, open[0], now: start + .seconds(5))
        #expect(listeners[0].events.isEmpty)
    }

    @Test func connectionsWhoseDeadlineHasPassedAreTold() throws {
        let connections = Connections(limits)
        let (first, early) = try channel()
        let (second, late) = try channel()
        connections.admit(first, now: start)?.deadline = start + .seconds(1)
        connections.admit(second, now: start)?.deadline = start + .seconds(3)
        connections.sweep(now: start + .seconds(2))
        #expect(early.events == [.deadline] && late.events.isEmpty)
    }
}
