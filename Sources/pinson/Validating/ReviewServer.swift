import Dispatch
import Feedback
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Validation

/// The screen in a browser: a server on this machine alone, which ends when the person has finished or on a signal.
final class ReviewServer: Sendable {
    private let review: Mutex<WebReview?> = Mutex(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// Serves a session until it ends.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - place: The reports and the journal.
    ///   - port: The port, or 0 for one that the system chooses.
    /// - Throws: `IOError` if the port is taken.
    func run(_ session: Session, _ place: ReviewPlace, port: Int) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 16)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: true)
                    try channel.pipeline.syncOperations.addHandler(ReviewHandler(self))
                }
            }
            .bind(host: "127.0.0.1", port: port).wait()
        let token = WebReview.newToken()
        let own = channel.localAddress?.port ?? port
        review.withLock {
            $0 = WebReview(
                session, token: token, port: own, evidence: { place.evidence($0, $1) },
                record: { try place.journal.append([.entry($0)]) })
        }
        say("open http://127.0.0.1:\(own)/\(token)/ in a browser on this machine; Ctrl-C ends")
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [ended] in ended.signal() }
            source.resume()
            return source
        }
        ended.wait()
        for source in sources { source.cancel() }
        try? channel.close().wait()
    }

    /// Answers a request, and ends the server after the answer if the person has finished.
    func answer(_ request: WebRequest) -> WebAnswer {
        let (answer, isEnded) = review.withLock { review in
            (
                review?.answer(request, at: .now) ?? WebAnswer(status: 503, body: []),
                review?.isEnded == true
            )
        }
        // The answer has a moment to reach the browser.
        if isEnded { DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { self.ended.signal() } }
        return answer
    }
}

/// Collects one request after the other, and writes the answers.
private final class ReviewHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ReviewServer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ server: ReviewServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let bytes):
            // One byte more than is allowed is enough to refuse it.
            let room = max(0, WebReview.largestBody + 1 - body.count)
            body += bytes.readableBytesView.prefix(room)
        case .end:
            guard let head else { return }
            let request = WebRequest(
                method: head.method.rawValue, path: head.uri, host: head.headers.first(name: "Host") ?? "",
                contentType: head.headers.first(name: "Content-Type") ?? "", body: body)
            write(server.answer(request), to: context, version: head.version, isKept: head.isKeepAlive)
        }
    }

    private func write(
        _ answer: WebAnswer, to context: ChannelHandlerContext, version: HTTPVersion, isKept: Bool
    ) {
        var headers = HTTPHeaders(WebAnswer.headers)
        headers.add(name: "Content-Type", value: answer.contentType)
        headers.add(name: "Content-Length", value: "\(answer.body.count)")
        if !isKept { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: version, status: .init(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !isKept { bound.value.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
