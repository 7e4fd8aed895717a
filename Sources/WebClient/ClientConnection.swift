import Glibc
public import NIOCore
import NIOPosix

/// A connection to a server, opened from this side.
public enum ClientConnection {
    /// The time that opening a connection may take.
    public static let connectTimeout = TimeAmount.seconds(10)

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - host: The name or the address of the server.
    ///   - port: Its port.
    ///   - usesTLS: Whether TLS begins at once.
    ///   - eventLoop: Where the connection lives.
    ///   - handlers: Adds what speaks the protocol.
    /// - Returns: The connection, or a `DeliveryFailure`.
    public static func open(
        host: String, port: Int, usesTLS: Bool, on eventLoop: any EventLoop,
        handlers: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if usesTLS { try channel.pipeline.syncOperations.addHandler(TLSClient.handler(host)) }
                    try handlers(channel.pipeline.syncOperations)
                }
            }
            .connect(host: host, port: port)
            .flatMapErrorThrowing { error in
                throw error as? DeliveryFailure
                    ?? DeliveryFailure(
                        step: "Connect", reason: "\(reason(error)) The server is \(host), port \(port).",
                        advice: "Check the name and the port, and whether this network allows the connection.")
            }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout: return "The server does not answer."
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(first.error) }
            return "The name of the server has no address."
        case let error as IOError: return "The system says: \(String(cString: strerror(error.errnoCode)))."
        default: return quoted("\(error)")
        }
    }
}
