import Feedback
import NIOConcurrencyHelpers
import NIOCore

/// An entry that waits until it is durable, and the request that waits for it.
///
/// Its promise is kept once: by the thread of the volume, or when the time is over.
final class Report: Sendable {
    let entry: FeedbackEntry
    /// What the client said, if another report may have the same name; else nil.
    let fingerprint: Int?
    private let promise: EventLoopPromise<Void>
    private let state = NIOLockedValueBox((isDone: false, timer: nil as Scheduled<Void>?))

    init(_ entry: FeedbackEntry, fingerprint: Int?, _ promise: EventLoopPromise<Void>) {
        (self.entry, self.fingerprint, self.promise) = (entry, fingerprint, promise)
    }

    /// Whether the request no longer waits.
    var isDone: Bool { state.withLockedValue { $0.isDone } }

    /// The number of bytes that it takes in memory, approximately.
    var bytes: Int {
        guard case .report(let record) = entry else { return 100 }
        let content =
            switch record.content {
            case .text(let text), .hash(let text): text.utf8.count
            }
        return 300 + content + record.predicted.utf8.count + (record.expected?.utf8.count ?? 0)
            + (record.comment?.utf8.count ?? 0)
    }

    /// Gives up after a time.
    func expire(in seconds: Int, on eventLoop: any EventLoop) {
        let timer = eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { [weak self] in
            self?.finish(.failure(.stalled(seconds: seconds)))
            return
        }
        state.withLockedValue { $0.timer = timer }
    }

    /// Lets the request go on.
    ///
    /// - Returns: Whether it was still waiting.
    @discardableResult
    func finish(_ result: Result<Void, FeedbackFailure>) -> Bool {
        let (isFirst, timer) = state.withLockedValue { state in
            defer { state = (true, nil) }
            return (!state.isDone, state.timer)
        }
        guard isFirst else { return false }
        timer?.cancel()
        promise.completeWith(result.mapError { $0 as any Error })
        return true
    }
}
