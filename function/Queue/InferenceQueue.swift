import Dispatch
import Glibc
import Inference
import NIOConcurrencyHelpers
import NIOCore

/// The workers, and the bounded queue of requests that wait for them.
///
/// Each worker is a thread with memory of its own. Nothing here runs on an event loop.
final class InferenceQueue: Sendable {
    /// The sizes of a queue.
    struct Options: Equatable, Sendable {
        /// The number of slices that are computed at the same time.
        var workers: Int
        /// The number of threads that work on a request while it is the only one.
        var threads: Int
        /// The number of requests that may wait.
        var requestLimit: Int
        /// The number of tokens that may wait.
        var tokenLimit: Int
    }

    private struct State {
        var schedule: Schedule
        var policy = SharingPolicy()
        var rate = ServiceRate()
        /// The workers that wait for work.
        var idle: Set<Int> = []
        var running = 0
        var isStopped = false
    }

    let options: Options
    private let maxTokens: Int
    private let state: NIOLockedValueBox<State>
    /// Wakes a worker.
    private let wakeUp: [DispatchSemaphore]
    private let threads = NIOLockedValueBox<[SystemThread]>([])

    /// Starts the workers.
    ///
    /// Only the first worker has several threads, because only a request that is alone is shared, and the first worker
    /// takes it. So the number of threads does not grow with the square of the number of cores.
    ///
    /// - Throws: `ThreadError` if the system does not start all threads.
    init(_ classifier: Classifier, _ options: Options) throws(ThreadError) {
        self.options = options
        maxTokens = classifier.maxTokens
        state = NIOLockedValueBox(
            State(
                schedule: Schedule(
                    .init(jobs: options.workers + options.requestLimit, tokens: options.tokenLimit))))
        wakeUp = (0..<options.workers).map { _ in DispatchSemaphore(value: 0) }
        do {
            try start(classifier)
        } catch {
            stop()
            throw error
        }
    }

    private func start(_ classifier: Classifier) throws(ThreadError) {
        let started = DispatchSemaphore(value: 0)
        let isComplete = NIOLockedValueBox(true)
        for index in 0..<options.workers {
            let count = index == 0 ? options.threads : 1
            let thread = try SystemThread { [self] in
                let worker = classifier.makeWorker(threads: count)
                if worker.maximumThreads < count { isComplete.withLockedValue { $0 = false } }
                started.signal()
                run(index, worker)
            }
            threads.withLockedValue { $0.append(thread) }
        }
        for _ in 0..<options.workers { started.wait() }
        guard isComplete.withLockedValue(\.self) else { throw ThreadError(code: EAGAIN) }
    }

    /// The requests that wait for a worker, the requests that are not finished, and the tokens that wait.
    var load: (waiting: Int, running: Int, tokens: Int) {
        state.withLockedValue {
            ($0.schedule.waiting, $0.schedule.count - $0.schedule.waiting, $0.schedule.waitingTokens)
        }
    }

    /// Classifies `texts` as soon as workers are free.
    ///
    /// - Parameters:
    ///   - texts: The texts of one request.
    ///   - explains: Whether the predictions are explained.
    ///   - eventLoop: The event loop of the result.
    ///   - cancellation: If it is cancelled, what no worker has taken is not computed.
    /// - Returns: The predictions, or a `QueueFailure`.
    func classify(
        _ texts: [String], explains: Bool = false, on eventLoop: any EventLoop, unless cancellation: Cancellation
    ) -> EventLoopFuture<[Prediction]> {
        let promise = eventLoop.makePromise(of: [Prediction].self)
        let job = Job(texts, explains: explains, maxTokens: maxTokens, unless: cancellation, promise)
        let (failure, cancelled, awake) = state.withLockedValue { state -> (QueueFailure?, [Job], [Int]) in
            guard !state.isStopped else { return (.stopped, [], []) }
            let (isAdded, cancelled) = state.schedule.add(job)
            guard isAdded else {
                let wait = state.rate.seconds(for: state.schedule.waitingTokens, workers: options.workers)
                return (.full(retryAfterSeconds: wait), cancelled, [])
            }
            let count = state.idle.isEmpty ? 0 : state.schedule.slices(limit: state.idle.count)
            let awake = Array(state.idle.sorted().prefix(count))
            state.idle.subtract(awake)
            return (nil, cancelled, awake)
        }
        for worker in awake { wakeUp[worker].signal() }
        for job in cancelled { job.promise.fail(QueueFailure.cancelled) }
        if let failure { promise.fail(failure) }
        return promise.futureResult
    }

    /// Ends the workers after their current slices.
    ///
    /// Requests that are not finished fail. Calling it again does nothing.
    func stop() {
        let left = state.withLockedValue { state in
            state.isStopped = true
            return state.schedule.removeAll()
        }
        for job in left { job.promise.fail(QueueFailure.stopped) }
        for semaphore in wakeUp { semaphore.signal() }
        for thread in threads.withLockedValue({ threads in
            defer { threads = [] }; return threads
        }) { thread.join() }
    }

    /// Takes and computes slices until the queue is stopped.
    private func run(_ index: Int, _ worker: Classifier.Worker) {
        while let (slice, isShared) = take(index, worker) {
            let texts = Array(slice.job.texts[slice.range])
            worker.threads = isShared ? worker.maximumThreads : 1
            let (start, stalls) = (NIODeadline.now(), worker.stalls)
            let predictions = slice.job.cancellation.isCancelled ? nil : slice.job.predictions(of: texts, worker)
            let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
            let finished = state.withLockedValue { state in
                state.running -= 1
                if predictions != nil { state.rate.add(tokens: slice.tokens, seconds: seconds) }
                if isShared { state.policy.finishedShared(stalled: worker.stalls != stalls) }
                return state.schedule.finish(slice, predictions)
            }
            if let finished { finished.job.promise.completeWith(finished.predictions) }
        }
    }

    /// The next slice and whether several threads work on it, or nil if the queue is stopped.
    private func take(_ index: Int, _ worker: Classifier.Worker) -> (Schedule.Slice, isShared: Bool)? {
        while true {
            let next = state.withLockedValue { state -> (Schedule.Slice, Bool)? in
                guard !state.isStopped, let slice = state.schedule.take() else {
                    if !state.isStopped { state.idle.insert(index) }
                    return nil
                }
                let isAlone = state.running == 0 && state.schedule.waiting == 0
                state.running += 1
                return (slice, state.policy.shares(isAlone: isAlone) && worker.maximumThreads > 1)
            }
            if let next { return next }
            if state.withLockedValue({ $0.isStopped }) { return nil }
            wakeUp[index].wait()
        }
    }
}
