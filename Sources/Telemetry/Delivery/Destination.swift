import NIOConcurrencyHelpers
import NIOCore
import WebClient

/// A server, and what waits for it.
///
/// Whoever records an event takes a lock and nothing else. Everything that takes time happens on the event loop of the
/// telemetry.
final class Destination: Sendable {
    /// How requests are made, and how much may wait.
    struct Options: Sendable {
        var address: WebAddress
        var headers: [(name: String, value: String)] = []
        var compresses = true
        var timeout: TimeAmount
        var queueSize: Int
        var batchSize: Int
        var delay: TimeAmount
    }

    let format: any Format
    private let options: Options
    private let eventLoop: any EventLoop
    private let tell: @Sendable (DeliveryEvent) -> Void
    private let state: NIOLockedValueBox<DestinationState>

    /// - Parameters:
    ///   - format: How events are written.
    ///   - options: How requests are made.
    ///   - eventLoop: Where everything happens.
    ///   - tell: Hears of failures.
    init(
        _ format: any Format, _ options: Options, on eventLoop: any EventLoop,
        tell: @escaping @Sendable (DeliveryEvent) -> Void
    ) {
        (self.format, self.options, self.eventLoop, self.tell) = (format, options, eventLoop, tell)
        state = NIOLockedValueBox(
            DestinationState(
                waiting: Waiting(limit: options.queueSize), batchSize: options.batchSize,
                counts: DestinationCounts(format.destination), address: options.address))
        eventLoop.scheduleRepeatedTask(initialDelay: options.delay, delay: options.delay) { [weak self] task in
            if let self { self.step() } else { task.cancel() }
        }
    }

    /// What became of the events so far.
    var counts: DestinationCounts {
        state.withLockedValue { state in
            var counts = state.counts
            counts.waiting = state.waiting.count + state.inBatch
            return counts
        }
    }

    /// Adds an event, unless too many wait.
    func record(_ event: TelemetryEvent) {
        let wakes = state.withLockedValue { state -> Bool in
            guard !state.isStopped else {
                state.counts.left += 1
                return false
            }
            guard state.waiting.add(event) else {
                state.counts.overflowed += 1
                return false
            }
            guard state.waiting.count >= options.batchSize, !state.isWoken, !state.isSending,
                state.pauseEnd <= .now()
            else { return false }
            state.isWoken = true
            return true
        }
        if wakes { eventLoop.execute { self.step() } }
    }

    /// Sends what waits.
    ///
    /// - Returns: Success when nothing waits any more, or when the server does not take it at present.
    func flush() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { [self] in
            state.withLockedValue { $0.flushes.append(promise) }
            step()
        }
        return promise.futureResult
    }

    /// Sends what waits for the last time, even if the server has asked for a pause.
    func stop() -> EventLoopFuture<Void> {
        state.withLockedValue { state in
            state.isStopping = true
            state.pauseEnd = .uptimeNanoseconds(0)
        }
        return flush()
    }

    /// Counts what is left as lost, and sends nothing more.
    func abandon() {
        let counts = state.withLockedValue { state in
            state.counts.left += state.waiting.count + state.inBatch
            state.waiting.removeAll()
            (state.batch, state.inBatch, state.isStopped) = (nil, 0, true)
            return state.counts
        }
        if counts.left > 0 { tell(.left(counts)) }
    }

    /// Sends a batch if that is due.
    private func step() {
        let (events, flushes) = state.withLockedValue { state -> ([TelemetryEvent]?, [EventLoopPromise<Void>]) in
            state.isWoken = false
            guard !state.isSending, !state.isStopped else { return (nil, []) }
            guard state.pauseEnd <= .now() else { return (nil, state.takeFlushes()) }
            var events: [TelemetryEvent] = []
            if state.batch == nil {
                events = state.waiting.take(options.batchSize)
                guard !events.isEmpty else { return (nil, state.takeFlushes()) }
                state.inBatch = events.count
            }
            state.isSending = true
            return (events, [])
        }
        for flush in flushes { flush.succeed() }
        guard let events else { return }
        let batch = state.withLockedValue(\.batch) ?? Batch(items: events.map(format.item), began: .now())
        state.withLockedValue { $0.batch = batch }
        send(batch)
    }

    private func send(_ batch: Batch) {
        var headers = [("Content-Type", format.contentType)] + options.headers
        var body = format.body(batch.items)
        if options.compresses, let compressed = Gzip.compressed(body) {
            body = compressed
            headers.append(("Content-Encoding", "gzip"))
        }
        let request = WebRequest(
            state.withLockedValue(\.address), headers: headers, body: body, timeout: options.timeout,
            answerLimit: 256 * 1024)
        request.send(on: eventLoop).whenComplete { [self] result in
            switch result {
            case .success(let answer):
                finish(format.outcome(answer, batch.items.count), answer)
            case .failure(let error):
                let reason = (error as? DeliveryFailure)?.description ?? "\(error)."
                finish(.again(items: Array(batch.items.indices), rejected: 0), nil, reason)
            }
        }
    }

    private func finish(_ outcome: Outcome, _ answer: WebAnswer?, _ reason: String = "") {
        let settled = state.withLockedValue { $0.settle(outcome, answer, reason, now: .now()) }
        for event in settled.events { tell(event) }
        for flush in settled.flushes { flush.succeed() }
        guard let pause = settled.pause else { return }
        if pause == 0 { step() } else { eventLoop.scheduleTask(in: .milliseconds(Int64(pause))) { self.step() } }
    }
}
