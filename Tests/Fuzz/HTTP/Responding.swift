import Fixtures
import Foundation
import Inference
import JSON
import ModelFile
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import Packaging

@testable import function

/// The function with a tiny model, whose log is checked.
func makeService() -> Service {
    do {
        let file = try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let output = folder.appendingPathComponent("model.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 64))
            return try ModelFile(path: output)
        }
        let environment = ["LOG_LEVEL": "debug", "LOG_TEXT": "1", "CONCURRENCY": "1", "THREADS": "1"]
        let log = Log { line in
            guard (try? JSON(parsing: line.utf8)) != nil else { fatalError("a line of the log is not JSON: \(line)") }
        }
        return try Service(
            Classifier(file), settings: Settings(environment: Environment(environment)), log: log)
    } catch { fatalError("\(error)") }
}

/// Asks the service and waits for each answer.
final class Responding: Sendable {
    private struct Pending: Sendable {
        var request: Request
        var cancellation: Cancellation
        var promise: EventLoopPromise<Response>
    }

    private struct State {
        var methods: [HTTPMethod] = []
        var pending: [Pending] = []
    }

    private static let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
    nonisolated(unsafe) private static let embeddedEventLoop = EmbeddedEventLoop()
    private let service: Service
    private let answersLater: Bool
    private let state = NIOLockedValueBox(State())

    init(_ service: Service, answersLater: Bool) {
        self.service = service
        self.answersLater = answersLater
    }

    var methods: [HTTPMethod] { state.withLockedValue { $0.methods } }

    @Sendable func respond(
        to request: Request, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<Response> {
        let pending = Pending(
            request: request, cancellation: cancellation, promise: eventLoop.makePromise(of: Response.self))
        state.withLockedValue {
            $0.methods.append(request.method)
            $0.pending.append(pending)
        }
        if !answersLater { answerNext() }
        return pending.promise.futureResult
    }

    /// Answers the oldest request that waits, and returns whether there was one.
    @discardableResult
    func answerNext() -> Bool {
        let next = state.withLockedValue { $0.pending.isEmpty ? nil : $0.pending.removeFirst() }
        guard let next else { return false }
        next.promise.succeed(answer(next.request, unless: next.cancellation))
        return true
    }

    /// Waits for the answer to a request.
    func answer(_ request: Request, unless cancellation: Cancellation = Cancellation()) -> Response {
        // Only predictions need other threads. All other answers are there at once.
        let eventLoop: any EventLoop = request.method == .POST ? Self.eventLoop : Self.embeddedEventLoop
        let answer = service.respond(to: request, on: eventLoop, unless: cancellation)
        do { return try answer.wait() } catch { fatalError("the service has failed: \(error)") }
    }
}
