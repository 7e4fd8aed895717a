import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// The listening socket and its connections.
struct Server {
    /// The port on which the server listens.
    ///
    /// If port 0 was requested, it is the one that the system has chosen.
    let port: Int

    private let service: Service
    private let connections: Connections
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// One read brings at most this many bytes of a connection.
    ///
    /// All requests among these bytes are parsed at once.
    static let readLimit = 8 * 1024
    /// While more bytes than this wait to be sent on a connection, no request of it is read.
    static let unsentLimit = 64 * 1024
    /// The size that the function asks for when it creates the two buffers of a socket; Linux doubles it.
    ///
    /// Without it, both grow to several megabytes. When a client stops sending, NIO reads all that has arrived at once.
    static let socketBuffer: SocketOptionValue = 64 * 1024
    /// The time after SIGTERM in which requests are answered.
    ///
    /// Platforms kill the process 10 seconds after SIGTERM.
    static let drainTimeout = TimeAmount.seconds(7)
    /// The time after that in which the requests that are left are refused.
    static let refusalTimeout = TimeAmount.seconds(1)
    /// The time in which connections that are being opened are still accepted.
    static let acceptTimeout = TimeAmount.milliseconds(50)

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - service: Answers the requests.
    ///   - host: The address to listen on.
    ///   - port: The port to listen on, or 0 for any.
    /// - Throws: `ListenError` if the address or the port is not available.
    init(_ service: Service, host: String, port: Int) throws {
        self.service = service
        let connections = service.connections
        self.connections = connections
        let date = HTTPDate()
        // One event loop is enough: it moves bytes, and the workers compute.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            channel = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.socketOption(.so_rcvbuf), value: Self.socketBuffer)
                .serverChannelOption(.socketOption(.so_sndbuf), value: Self.socketBuffer)
                .serverChannelInitializer { [recorder = service.recorder] channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            AcceptHandler(report: recorder.cannotAccept))
                    }
                }
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.maxMessagesPerRead, value: 1)
                .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readLimit))
                .childChannelOption(
                    .writeBufferWaterMark, value: .init(low: Self.unsentLimit / 2, high: Self.unsentLimit)
                )
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try Self.addHandlers(to: channel, connections, date, respond: service.respond)
                    }
                }
                .bind(to: SocketAddress(ipAddress: host, port: port)).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw ListenError(host: host, port: port, reason: "\(error)")
        }
        self.port = channel.localAddress?.port ?? port
        let interval = connections.limits.sweepInterval
        channel.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
            [loop = channel.eventLoop] _ in
            connections.sweep(now: loop.now)
        }
    }

    /// Adds the handlers of a connection to its channel: they take bytes from the client, and return the answers.
    static func addHandlers(
        to channel: any Channel, _ connections: Connections, _ date: HTTPDate, respond: @escaping Responder
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ArrivalHandler())
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = ConnectionLimits.headerBytes
        limits.maxHeaderListSize = ConnectionLimits.headerBytes
        try pipeline.addHandlers([
            HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
            HTTPServerPipelineHandler(),
            HTTPHandler(connections, date, now: channel.eventLoop.now, respond: respond),
        ])
    }

    /// Accepts no new connections, answers the requests that have arrived or are arriving, and closes everything.
    ///
    /// - Returns: Whether every request was answered within `drainTimeout`.
    @discardableResult
    func drain() -> Bool {
        service.lifecycle.drain()
        try? channel.eventLoop.submit { [channel] in ListenFilter.attach(to: channel) }.wait()
        connections.drain()
        let drained = channel.eventLoop.scheduleTask(in: Self.acceptTimeout) {}.futureResult.flatMap {
            [channel, connections] in
            channel.close(promise: nil)
            return connections.ended(on: channel.eventLoop)
        }
        let isDrained = wait(for: drained, Self.drainTimeout)
        service.stop()
        if !isDrained {
            connections.expire()
            _ = wait(for: drained, Self.refusalTimeout)
            connections.closeAll()
        }
        try? group.syncShutdownGracefully()
        return isDrained
    }

    /// Waits for a future, and returns whether it succeeded within a time.
    private func wait(for future: EventLoopFuture<Void>, _ time: TimeAmount) -> Bool {
        let first = channel.eventLoop.makePromise(of: Bool.self)
        future.whenSuccess { first.succeed(true) }
        channel.eventLoop.scheduleTask(in: time) { first.succeed(false) }
        return (try? first.futureResult.wait()) ?? false
    }
}

/// The address or the port is not available.
struct ListenError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    var description: String {
        let address = host.contains(":") ? "[\(host)]" : host
        return "Cannot listen on \(address):\(port): \(reason). "
            + "Set PORT to a port that is free, and HOST to an address of this machine."
    }
}
