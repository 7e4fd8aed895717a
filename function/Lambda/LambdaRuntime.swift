import Dispatch
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Telemetry

/// Takes invocations from the runtime API of AWS Lambda, and answers them one after the other.
///
/// It takes the place of `Server`: the requests in the events go through the same service.
final class LambdaRuntime: Sendable {
    private let service: Service
    private let log: Log
    private let flushLog: @Sendable () -> Void
    // One event loop is enough: it moves bytes, and the workers compute.
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let api: RuntimeAPI
    private let ended = DispatchGroup()
    /// Is taken while an invocation is in progress.
    private let idle = DispatchSemaphore(value: 1)

    /// An invocation in progress may take this long after SIGTERM.
    ///
    /// Lambda kills the process at most 2 seconds after SIGTERM.
    static let drainTimeout = DispatchTimeInterval.milliseconds(1500)
    /// The time that telemetry may take between two invocations.
    static let telemetryTimeout = TimeAmount.seconds(1)

    /// Creates the runtime.
    ///
    /// - Parameters:
    ///   - service: Answers the requests.
    ///   - address: The address of the runtime API.
    ///   - log: The log.
    ///   - flushLog: Waits until the log is written.
    init(_ service: Service, _ address: RuntimeAddress, log: Log, flushLog: @escaping @Sendable () -> Void) {
        self.service = service
        self.log = log
        self.flushLog = flushLog
        api = RuntimeAPI(address, on: group.next())
    }

    /// Answers invocations on a thread of its own.
    ///
    /// - Parameter end: Gets the reason if no more invocations follow. It is not called after `drain`.
    func start(_ end: @escaping @Sendable (RuntimeAPIError) -> Void) {
        DispatchQueue(label: "lambda").async(group: ended) { [self] in
            do throws(RuntimeAPIError) {
                while true { try answerNext() }
            } catch {
                if service.lifecycle.isReady { end(error) }
            }
        }
    }

    private func answerNext() throws(RuntimeAPIError) {
        // Lambda freezes the process while it waits for the next invocation.
        service.recorder.telemetry?.flush(within: Self.telemetryTimeout)
        flushLog()
        let invocation = try api.next()
        idle.wait()
        defer { idle.signal() }
        let event = LambdaEvent(invocation.payload, trace: invocation.trace)
        let refusal = try api.answer(invocation.id, with: event.answer(respond(to: event.request)))
        if let refusal {
            log.write(
                .error, "Lambda refused the answer to an invocation.",
                ["status": .number(Double(refusal.code)), "invocation": .string(invocation.id)])
        }
    }

    /// Waits for the response of the service.
    private func respond(to request: Request) -> Response {
        let eventLoop = group.next()
        let response = eventLoop.flatSubmit { [service] in
            service.respond(to: request, on: eventLoop, unless: Cancellation())
        }
        do {
            return try response.wait()
        } catch {
            return Problem(status: .internalServerError, detail: "The request failed: \(error).").response
        }
    }

    /// Takes no further invocation, and waits for the one in progress.
    ///
    /// - Returns: Whether it was answered within `drainTimeout`.
    @discardableResult
    func drain() -> Bool {
        service.lifecycle.drain()
        let isDrained = idle.wait(timeout: .now() + Self.drainTimeout) == .success
        if isDrained { idle.signal() }
        api.close()
        service.stop()
        _ = ended.wait(timeout: .now() + .milliseconds(200))
        try? group.syncShutdownGracefully()
        return isDrained
    }
}

extension LambdaRuntime {
    /// Tells Lambda why the function cannot start, if it runs there.
    static func reportInitializationError(_ message: String, _ environment: Environment) {
        guard let address = try? Settings.runtimeAPI(environment) else { return }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let error = InvocationError(message: message, type: "Runtime.InitError")
        try? RuntimeAPI(address, on: group.next()).reportInitializationError(error)
        try? group.syncShutdownGracefully()
    }
}
