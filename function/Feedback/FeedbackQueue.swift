import Dispatch
import Feedback
import NIOConcurrencyHelpers
import NIOCore

/// The bounded queue of reports that wait for the volume, and the thread that writes them.
///
/// Everything that waits while the disk is busy is written next, with a single wait for the disk. No event loop and no
/// worker ever waits for the volume.
final class FeedbackQueue: Sendable {
    private struct State {
        var waiting: [Report] = []
        var bytes = 0
        /// Since when the volume has been busy with one group, or nil.
        var busySince: NIODeadline?
        var isStopped = false
    }

    private let settings: FeedbackSettings
    private let recorder: Recorder
    private let state = NIOLockedValueBox(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// The number of reports that may wait.
    static let limit = 4096
    /// The number of bytes that may wait.
    static let byteLimit = 16 << 20
    /// The time after the start, and between two times, at which the volume is tidied, in seconds.
    static let (firstMaintenance, maintenance) = (10, 3600)
    /// The time that a volume has after SIGTERM, in milliseconds.
    static let stopTimeout = 1000

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - volume: The folder of the log.
    ///   - settings: How reports are kept.
    ///   - recorder: Hears of failures.
    /// - Throws: `ThreadError` if the system does not start another thread.
    init(_ volume: some Volume, _ settings: FeedbackSettings, _ recorder: Recorder) throws(ThreadError) {
        (self.settings, self.recorder) = (settings, recorder)
        _ = try SystemThread { [self] in
            run(FeedbackLog(volume, instance: .current, options: settings.options))
            ended.signal()
        }
    }

    /// The number of reports that wait.
    var waiting: Int { state.withLockedValue { $0.waiting.count } }

    /// Keeps an entry.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - fingerprint: What the client said, if it has named the report itself.
    ///   - eventLoop: The event loop of the result.
    /// - Returns: Success when the entry is durable, or a `FeedbackFailure`.
    func add(_ entry: FeedbackEntry, fingerprint: Int? = nil, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        let report = Report(entry, fingerprint: fingerprint, promise)
        let bytes = report.bytes
        let failure = state.withLockedValue { state -> FeedbackFailure? in
            if state.isStopped { return .stopping }
            if let since = state.busySince, NIODeadline.now() - since > .seconds(Int64(settings.timeoutSeconds)) {
                return .stalled(seconds: settings.timeoutSeconds)
            }
            guard state.waiting.count < Self.limit, state.bytes + bytes <= Self.byteLimit else { return .busy }
            report.expire(in: settings.timeoutSeconds, on: eventLoop)
            state.waiting.append(report)
            state.bytes += bytes
            return nil
        }
        if let failure { report.finish(.failure(failure)) } else { wakeUp.signal() }
        return promise.futureResult
    }

    /// Writes what waits, and ends the thread, unless the volume takes too long.
    func stop() {
        let isFirst = state.withLockedValue { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        guard isFirst else { return }
        wakeUp.signal()
        _ = ended.wait(timeout: .now() + .milliseconds(Self.stopTimeout))
        let left = state.withLockedValue { state in
            defer { (state.waiting, state.bytes) = ([], 0) }
            return state.waiting
        }
        for report in left { report.finish(.failure(.stopping)) }
    }

    private func run(_ log: FeedbackLog) {
        var writer = FeedbackWriter(log)
        var isTidying = false
        var next = NIODeadline.now() + .seconds(Int64(Self.firstMaintenance))
        while true {
            let (group, isStopped) = take()
            if !group.isEmpty {
                if let failure = writer.write(group) { recorder.feedbackFailed(failure) } else { recorder.committed() }
                state.withLockedValue { $0.busySince = nil }
                if writer.hasErased { (isTidying, next) = (false, .now()) }
                writer.hasErased = false
            } else if isStopped {
                return
            } else if isTidying {
                isTidying = (try? log.maintain()) ?? false
            } else if next <= .now() {
                next = .now() + .seconds(Int64(Self.maintenance))
                isTidying = (try? log.planMaintenance()) != nil
            } else {
                let pause = max(0, (next - .now()).nanoseconds)
                _ = wakeUp.wait(timeout: .now() + .nanoseconds(Int(pause)))
            }
        }
    }

    /// Takes everything that waits, except for reports whose requests have given up.
    private func take() -> (group: [Report], isStopped: Bool) {
        state.withLockedValue { state in
            let group = state.waiting.filter { !$0.isDone }
            (state.waiting, state.bytes) = ([], 0)
            if !group.isEmpty { state.busySince = .now() }
            return (group, state.isStopped)
        }
    }
}
