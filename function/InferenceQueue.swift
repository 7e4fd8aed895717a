import Dispatch
import Inference
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// The workers, and the bounded queue in front of them.
///
/// Each worker is a thread with a workspace of its own; nothing here ever runs on an event loop.
final class InferenceQueue: Sendable {
    let workers: Int
    /// Requests that may wait; one more is refused.
    let limit: Int

    private struct Job: Sendable {
        var texts: [String]
        var cancellation: Cancellation
        var promise: EventLoopPromise<[Classifier.Prediction]>
    }

    private struct State {
        var waiting = CircularBuffer<Job>()
        /// Jobs that a worker has taken and not finished.
        var running = 0
        /// Jobs in a row that were the only one when they were taken.
        var alone = aloneBeforeSharing
        var isStopped = false
    }

    private let state = NIOLockedValueBox(State())
    /// Signalled once for each job, and once for each worker at the end.
    private let work = DispatchSemaphore(value: 0)
    private let pool: NIOThreadPool

    /// - Parameter threads: that work on a request while it is the only one.
    init(_ classifier: Classifier, workers: Int, threads: Int, limit: Int) {
        self.workers = workers
        self.limit = limit
        pool = NIOThreadPool(numberOfThreads: workers)
        pool.start()
        for _ in 0..<workers { pool.submit { [self] _ in run(classifier, threads: threads) } }
    }

    /// Why a job is not done.
    enum Failure: Error {
        /// Nobody waits for it any more.
        case cancelled
        /// The queue was stopped before its turn.
        case stopped
    }

    /// Under load a moment with one request passes at once, and a team then waits for cores that others have.
    private static let aloneBeforeSharing = 8

    /// Requests that wait for a worker, and those that a worker has.
    var load: (waiting: Int, running: Int) { state.withLockedValue { ($0.waiting.count, $0.running) } }

    /// Classifies `texts` when their turn comes.
    ///
    /// - Returns: the predictions on `eventLoop`, or a `Failure`; nil if the queue is full.
    func classify(_ texts: [String], on eventLoop: any EventLoop, unless cancellation: Cancellation) -> EventLoopFuture<
        [Classifier.Prediction]
    >? {
        state.withLockedValue { state in
            guard !state.isStopped, state.waiting.count + state.running < workers + limit else { return nil }
            let promise = eventLoop.makePromise(of: [Classifier.Prediction].self)
            state.waiting.append(Job(texts: texts, cancellation: cancellation, promise: promise))
            work.signal()
            return promise.futureResult
        }
    }

    /// Lets the workers finish what they have and go; what still waits fails.
    func stop() {
        let left = state.withLockedValue { state in
            state.isStopped = true
            defer { state.waiting.removeAll() }
            return Array(state.waiting)
        }
        for job in left { job.promise.fail(Failure.stopped) }
        for _ in 0..<workers { work.signal() }
        try? pool.syncShutdownGracefully()
    }

    /// A worker's life.
    private func run(_ classifier: Classifier, threads: Int) {
        let workspace = classifier.makeWorkspace(threads: threads)
        while true {
            work.wait()
            let (job, isAlone) = state.withLockedValue { state in
                let job = state.waiting.popFirst()
                if job != nil { state.running += 1 }
                state.alone = state.running <= 1 && state.waiting.isEmpty ? state.alone + 1 : 0
                return (job, state.alone > Self.aloneBeforeSharing)
            }
            guard let job else {
                if state.withLockedValue({ $0.isStopped }) { return }
                continue
            }
            workspace.threads = isAlone ? threads : 1
            let predictions = job.cancellation.isCancelled ? nil : classifier.classify(job.texts, in: workspace)
            state.withLockedValue { $0.running -= 1 }
            if let predictions { job.promise.succeed(predictions) } else { job.promise.fail(Failure.cancelled) }
        }
    }
}
