import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import function

/// One connection without a network, with the handlers and the service of the function.
final class Exchange {
    private let channel = EmbeddedChannel()
    private let connections: Connections
    private let responder: Responding
    /// All bytes that the function has sent.
    private(set) var sent = ByteBuffer()

    /// Whether the function has not closed the connection.
    var isOpen: Bool { channel.isActive }
    /// The methods of the requests that the function has read, in order.
    var methods: [HTTPMethod] { responder.methods }

    init(_ service: Service, answersLater: Bool) {
        responder = Responding(service, answersLater: answersLater)
        connections = Connections(ConnectionLimits())
        do {
            try Server.addHandlers(to: channel, connections, HTTPDate(), respond: responder.respond)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch { fatalError("\(error)") }
    }

    func receive(_ bytes: ArraySlice<UInt8>) {
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        collect()
    }

    /// Says whether the client reads what is sent to it.
    func setReading(_ reads: Bool) {
        channel.isWritable = reads
        channel.pipeline.fireChannelWritabilityChanged()
        collect()
    }

    /// Answers the requests that wait for an answer, and those that are read after that.
    func answerAll() {
        while responder.answerNext() {
            channel.embeddedEventLoop.run()
            collect()
        }
    }

    /// The client sends nothing more, but still reads.
    func closeInput() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        collect()
    }

    /// Lets time pass.
    func wait(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
        connections.sweep(now: channel.embeddedEventLoop.now)
        collect()
    }

    /// The function drains.
    func drain() {
        connections.drain()
        collect()
    }

    func close() {
        _ = try? channel.finish(acceptAlreadyClosed: true)
        collect()
        precondition(connections.counts.open == 0, "a closed connection is still counted")
    }

    private func collect() {
        while var bytes = (try? channel.readOutbound(as: ByteBuffer.self)) ?? nil { sent.writeBuffer(&bytes) }
    }
}
