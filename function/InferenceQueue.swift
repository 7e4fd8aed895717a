import Dispatch
import Inference
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// The workers, and the bounded queue of requests that wait for them.
///
/// Each worker is a thread with memory of its own. Nothing here runs on an event loop.
final class InferenceQueue: Sendable {
    let workers: Int
    /// The number of requests that may wait.
    ///
    /// One more is refused.
    let limit: Int

    private struct Job: Sendable {
        var texts: [String]
        var cancellation: Cancellation
        var promise: EventLoopPromise<[Prediction]>
    }

    private struct State {
        var waiting = CircularBuffer<Job>()
        /// The number of jobs that a worker has taken and not finished.
        var running = 0
        /// The number of jobs in a row that were alone when they were taken.
        var alone = aloneBeforeSharing
        var isStopped = false
    }

    private let state = NIOLockedValueBox(State())
    /// Signalled once for each job, and at the end once for each worker.
    private let work = DispatchSemaphore(value: 0)
    private let pool: NIOThreadPool

    /// Starts the workers.
    ///
    /// - Parameters:
    ///   - classifier: The model.
    ///   - workers: The number of requests that are computed at the same time.
    ///   - threads: The number of threads that work on a request while it is the only one.
    ///   - limit: The number of requests that may wait.
    init(_ classifier: Classifier, workers: Int, threads: Int, limit: Int) {
        self.workers = workers
        self.limit = limit
        pool = NIOThreadPool(numberOfThreads: workers)
        pool.start()
        for _ in 0..<workers { pool.submit { [self] _ in run(classifier, threads: threads) } }
    }

    /// The reason why a job has no result.
    enum Failure: Error {
        /// The client no longer waits for it.
        case cancelled
        /// The queue was stopped before the job was taken.
        case stopped
    }

    /// A request is computed on several cores only after this many requests in a row were alone.
    ///
    /// Under load, a request is rarely alone for long, and its threads would wait for cores that other requests use.
    private static let aloneBeforeSharing = 8

    /// The number of requests that wait for a worker, and of those that a worker is computing.
    var load: (waiting: Int, running: Int) { state.withLockedValue { ($0.waiting.count, $0.running) } }

    /// Classifies `texts` as soon as a worker is free.
    ///
    /// - Parameters:
    ///   - texts: The texts of one request.
    ///   - eventLoop: The event loop of the result.
    ///   - cancellation: If it is cancelled before a worker takes the request, nothing is computed.
    /// - Returns: The predictions or a `Failure`, or nil if the queue is full.
    func classify(
        _ texts: [String], on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<[Prediction]>? {
        state.withLockedValue { state in
            guard !state.isStopped, state.waiting.count + state.running < workers + limit else { return nil }
            let promise = eventLoop.makePromise(of: [Prediction].self)
            state.waiting.append(Job(texts: texts, cancellation: cancellation, promise: promise))
            work.signal()
            return promise.futureResult
        }
    }

    /// Ends the workers after their current jobs.
    ///
    /// Jobs that still wait fail.
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

    /// Takes and computes jobs until the queue is stopped.
    private func run(_ classifier: Classifier, threads: Int) {
        let worker = classifier.makeWorker(threads: threads)
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
            worker.threads = isAlone ? threads : 1
            let predictions = job.cancellation.isCancelled ? nil : worker.classify(job.texts)
            state.withLockedValue { $0.running -= 1 }
            if let predictions { job.promise.succeed(predictions) } else { job.promise.fail(Failure.cancelled) }
        }
    }
}
