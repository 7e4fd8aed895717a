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
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// A connection is closed if nothing arrives for this time, or if its client takes longer to read an answer.
    ///
    /// It is longer than load balancers keep idle connections.
    static let idleTimeout = TimeAmount.seconds(120)
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
    /// Requests in flight may take this long after SIGTERM.
    ///
    /// Platforms kill the process 10 seconds after SIGTERM.
    static let drainTimeout = TimeAmount.seconds(8)

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - service: Answers the requests.
    ///   - host: The address to listen on.
    ///   - port: The port to listen on, or 0 for any.
    ///   - idleTimeout: A connection is closed if nothing arrives for this time, or if its client takes longer to
    ///     read an answer.
    /// - Throws: `ListenError` if the address or the port is not available.
    init(_ service: Service, host: String, port: Int, idleTimeout: TimeAmount = idleTimeout) throws {
        self.service = service
        // One event loop is enough: it moves bytes, and the workers compute.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            channel = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.socketOption(.so_rcvbuf), value: Self.socketBuffer)
                .serverChannelOption(.socketOption(.so_sndbuf), value: Self.socketBuffer)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.maxMessagesPerRead, value: 1)
                .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readLimit))
                .childChannelOption(
                    .writeBufferWaterMark, value: .init(low: Self.unsentLimit / 2, high: Self.unsentLimit)
                )
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(
                            withPipeliningAssistance: true, withErrorHandling: false)
                        try pipeline.addHandler(IdleStateHandler(readTimeout: idleTimeout))
                        try pipeline.addHandler(
                            HTTPHandler(service.lifecycle, writeTimeout: idleTimeout, respond: service.respond))
                    }
                }
                .bind(to: SocketAddress(ipAddress: host, port: port)).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw ListenError(host: host, port: port, reason: "\(error)")
        }
        self.port = channel.localAddress?.port ?? port
    }

    /// Accepts no new requests for predictions, answers the requests in flight, and closes everything.
    ///
    /// - Returns: Whether every request in flight was answered within `drainTimeout`.
    @discardableResult
    func drain() -> Bool {
        let drained = service.lifecycle.drain(on: channel.eventLoop)
        let timeout = channel.eventLoop.scheduleTask(in: Self.drainTimeout) {}.futureResult
        let first = channel.eventLoop.makePromise(of: Bool.self)
        drained.whenSuccess { first.succeed(true) }
        timeout.whenComplete { _ in first.succeed(false) }
        let isDrained = (try? first.futureResult.wait()) ?? false
        try? channel.close().wait()
        service.lifecycle.closeAll()
        service.stop()
        try? group.syncShutdownGracefully()
        return isDrained
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
