import Fixtures
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

@testable import function

/// A runtime API of AWS Lambda on a free port of 127.0.0.1, which hands out the events of a test.
final class FakeRuntimeAPI: Sendable {
    /// What a function has posted.
    struct Post: Sendable {
        var path: String
        var headers: HTTPHeaders
        var body: String
    }

    /// What the API does with a request instead of answering it.
    enum Fault: Sendable {
        /// Closes the connection.
        case drop
        /// Answers with this status.
        case status(UInt)
    }

    fileprivate struct State {
        var events: [(id: String, body: String, trace: String?)] = []
        var waiting: [EventLoopPromise<(id: String, body: String, trace: String?)>] = []
        var posts: [Post] = []
        /// The faults of the next requests whose path ends like this.
        var faults: [(suffix: String, fault: Fault)] = []
        var requests = 0
        var connections = 0
    }

    fileprivate let state = NIOLockedValueBox(State())
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    /// The host and the port.
    let address: String

    init() throws {
        let state = state
        channel = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                state.withLockedValue { $0.connections += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: 16 << 20))
                    try pipeline.addHandler(FakeRuntimeHandler(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        address = "127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    var connections: Int { state.withLockedValue(\.connections) }

    var requests: Int { state.withLockedValue(\.requests) }

    var posts: [Post] { state.withLockedValue(\.posts) }

    /// Makes the next request whose path ends with `suffix` fail.
    func fail(_ suffix: String, _ fault: Fault) { state.withLockedValue { $0.faults.append((suffix, fault)) } }

    /// Hands out an event.
    ///
    /// - Returns: The id of the invocation.
    @discardableResult
    func send(_ body: String, trace: String? = nil) -> String {
        let id = UUID().uuidString.lowercased()
        let waiting = state.withLockedValue { state -> EventLoopPromise<(id: String, body: String, trace: String?)>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.events.append((id, body, trace))
            return nil
        }
        waiting?.succeed((id, body, trace))
        return id
    }

    /// Hands out an event, and returns what the function posts for it within 20 seconds.
    func invoke(_ body: String, trace: String? = nil) throws -> Post {
        let id = send(body, trace: trace)
        return try wait { $0.path.contains(id) }
    }

    /// Returns the first post that meets a condition, and waits for it at most 20 seconds.
    func wait(_ condition: (Post) -> Bool) throws -> Post {
        for _ in 0..<4000 {
            if let post = posts.first(where: condition) { return post }
            usleep(5000)
        }
        throw Client.Failure()
    }

    func stop() {
        let waiting = state.withLockedValue { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for promise in waiting { promise.fail(ChannelError.eof) }
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
    }
}

private final class FakeRuntimeHandler: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPServerRequestFull
    typealias OutboundOut = HTTPServerResponsePart

    private let state: NIOLockedValueBox<FakeRuntimeAPI.State>

    init(_ state: NIOLockedValueBox<FakeRuntimeAPI.State>) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let request = unwrapInboundIn(data)
        let path = request.head.uri
        let fault = state.withLockedValue { state -> FakeRuntimeAPI.Fault? in
            state.requests += 1
            guard let index = state.faults.firstIndex(where: { path.hasSuffix($0.suffix) }) else { return nil }
            return state.faults.remove(at: index).fault
        }
        switch fault {
        case .drop: return context.close(promise: nil)
        case .status(let code):
            return answer(HTTPResponseStatus(statusCode: Int(code)), HTTPHeaders(), "{}", context)
        case nil: break
        }
        guard path == "/2018-06-01/runtime/invocation/next" else {
            let body = request.body.map { String(buffer: $0) } ?? ""
            state.withLockedValue { $0.posts.append(.init(path: path, headers: request.head.headers, body: body)) }
            return answer(.accepted, HTTPHeaders(), #"{"status":"OK"}"#, context)
        }
        let promise = context.eventLoop.makePromise(of: (id: String, body: String, trace: String?).self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        promise.futureResult.whenSuccess { event in
            var headers = HTTPHeaders([
                ("Lambda-Runtime-Aws-Request-Id", event.id), ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
                ("Content-Type", "application/json"),
            ])
            if let trace = event.trace { headers.add(name: "Lambda-Runtime-Trace-Id", value: trace) }
            bound.value.0.answer(.ok, headers, event.body, bound.value.1)
        }
        let event = state.withLockedValue { state -> (id: String, body: String, trace: String?)? in
            if !state.events.isEmpty { return state.events.removeFirst() }
            state.waiting.append(promise)
            return nil
        }
        if let event { promise.succeed(event) }
    }

    private func answer(
        _ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ body: String, _ context: ChannelHandlerContext
    ) {
        var headers = headers
        headers.add(name: "Content-Length", value: "\(body.utf8.count)")
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

@available(*, unavailable)
extension FakeRuntimeHandler: Sendable {}
