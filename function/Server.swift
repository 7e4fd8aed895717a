import NIOCore
import NIOHTTP1
import NIOPosix

/// The listening socket, its connections, and how they end.
struct Server {
    /// The port that is listened on; the one the system gave if 0 was asked for.
    let port: Int

    private let service: Service
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let connections = Connections()

    /// How long a connection may say nothing: longer than the keep-alive of the load balancers in front.
    static let idleTimeout = TimeAmount.seconds(120)
    /// How long requests in flight may take after SIGTERM; platforms kill after 10 seconds.
    static let drainTimeout = TimeAmount.seconds(8)

    /// Listens on all addresses.
    ///
    /// - Throws: `ListenError` if the port cannot be had.
    init(_ service: Service, host: String = "0.0.0.0", port: Int, idleTimeout: TimeAmount = idleTimeout) throws {
        self.service = service
        let connections = connections
        // One loop is enough: it moves bytes, the workers compute.
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
                        try pipeline.addHandler(HTTPHandler(service, connections))
                    }
                }
                .bind(to: SocketAddress(ipAddress: host, port: port)).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw ListenError(host: host, port: port, reason: "\(error)")
        }
        self.port = channel.localAddress?.port ?? port
    }

    /// Takes no new work, answers what is in flight, and closes everything.
    ///
    /// - Returns: whether everything in flight was answered, within `drainTimeout`.
    @discardableResult
    func drain() -> Bool {
        service.beginDraining()
        let quiet = connections.whenQuiet(on: channel.eventLoop)
        let timeout = channel.eventLoop.scheduleTask(in: Self.drainTimeout) {}.futureResult
        let first = channel.eventLoop.makePromise(of: Bool.self)
        quiet.whenSuccess { first.succeed(true) }
        timeout.whenComplete { _ in first.succeed(false) }
        let isQuiet = (try? first.futureResult.wait()) ?? false
        try? channel.close().wait()
        connections.closeAll()
        service.stop()
        try? group.syncShutdownGracefully()
        return isQuiet
    }
}

/// The port cannot be listened on.
struct ListenError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    var description: String { "\(host):\(port): cannot be listened on: \(reason). Set PORT to one that is free." }
}
