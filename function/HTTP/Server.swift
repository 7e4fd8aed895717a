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

    /// A connection without traffic is closed after this time, which is longer than the keep-alive of load balancers.
    static let idleTimeout = TimeAmount.seconds(120)
    /// Requests may take this long after SIGTERM.
    ///
    /// Platforms stop the process after 10 seconds.
    static let drainTimeout = TimeAmount.seconds(8)

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - service: Answers the requests.
    ///   - host: The address to listen on.
    ///   - port: The port to listen on, or 0 for any.
    ///   - idleTimeout: A connection without traffic is closed after this time.
    /// - Throws: `ListenError` if the port is not available.
    init(_ service: Service, host: String = "0.0.0.0", port: Int, idleTimeout: TimeAmount = idleTimeout) throws {
        self.service = service
        // One event loop is enough: it moves bytes, and the workers compute.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            channel = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(
                            withPipeliningAssistance: true, withErrorHandling: true)
                        try pipeline.addHandler(IdleStateHandler(readTimeout: idleTimeout))
                        try pipeline.addHandler(HTTPHandler(service.lifecycle, respond: service.respond))
                    }
                }
                .bind(to: SocketAddress(ipAddress: host, port: port)).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw ListenError(host: host, port: port, reason: "\(error)")
        }
        self.port = channel.localAddress?.port ?? port
    }

    /// Takes no new work, answers the requests in flight, and closes everything.
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

/// The port is not available.
struct ListenError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    var description: String { "Cannot listen on \(host):\(port): \(reason). Set PORT to a port that is free." }
}
