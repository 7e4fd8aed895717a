import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1

/// Sends requests to the runtime API, and opens a new connection when one is lost.
final class RuntimeClient: Sendable {
    private struct State {
        var connection: RuntimeConnection?
        var isClosed = false
    }

    private let address: RuntimeAddress
    private let eventLoop: any EventLoop
    private let state = NIOLockedValueBox(State())

    /// A request is sent at most this many times.
    static let attempts = 8
    /// The pause after the first attempt, in microseconds.
    ///
    /// Each further pause is twice as long.
    static let firstPause: UInt32 = 10_000

    init(_ address: RuntimeAddress, on eventLoop: any EventLoop) {
        self.address = address
        self.eventLoop = eventLoop
    }

    /// Sends a request, and waits for its answer.
    ///
    /// If the connection is lost, the request is sent again after a pause.
    ///
    /// - Throws: The error of the last attempt.
    func send(_ head: HTTPRequestHead, _ body: ByteBuffer) throws -> NIOHTTPClientResponseFull {
        var (attempt, pause) = (1, Self.firstPause)
        while true {
            do {
                let response = try openConnection().send(head, body)
                if !response.head.isKeepAlive { drop() }
                return response
            } catch {
                drop()
                guard attempt < Self.attempts, !state.withLockedValue(\.isClosed) else { throw error }
                usleep(pause)
                (attempt, pause) = (attempt + 1, pause * 2)
            }
        }
    }

    /// Closes the connection, and opens no other.
    func close() {
        state.withLockedValue { state in
            state.isClosed = true
            state.connection?.close()
        }
    }

    private func openConnection() throws -> RuntimeConnection {
        if let open = state.withLockedValue(\.connection) { return open }
        let new = try RuntimeConnection(address, on: eventLoop)
        try state.withLockedValue { state in
            state.connection = new
            guard state.isClosed else { return }
            new.close()
            throw ChannelError.ioOnClosedChannel
        }
        return new
    }

    private func drop() {
        state.withLockedValue { state in
            state.connection?.close()
            state.connection = nil
        }
    }
}
