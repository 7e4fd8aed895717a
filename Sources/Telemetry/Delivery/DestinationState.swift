import NIOCore
import WebClient

/// What a destination knows: its queue, its batch, and whether its server takes anything.
///
/// It is a plain value, which `Destination` protects.
struct DestinationState {
    var waiting: Waiting
    let batchSize: Int
    var counts: DestinationCounts
    var address: WebAddress
    /// The batch that is being sent, or waits for another attempt.
    var batch: Batch?
    /// The number of events that have left the queue and have no result yet.
    var inBatch = 0
    var isSending = false
    /// Whether a step is on its way.
    var isWoken = false
    /// The end of the pause after a failure.
    var pauseEnd = NIODeadline.uptimeNanoseconds(0)
    /// Those who wait until nothing waits.
    var flushes: [EventLoopPromise<Void>] = []
    /// Whether the function ends, so that there are no further attempts.
    var isStopping = false
    var isStopped = false
    /// The events that were lost when the server began to fail, or nil if it does not fail.
    private var lostBefore: Int?
    /// The last time that the log was told of a rejection.
    private var toldRejection: NIODeadline?

    init(waiting: Waiting, batchSize: Int, counts: DestinationCounts, address: WebAddress) {
        (self.waiting, self.batchSize, self.counts, self.address) = (waiting, batchSize, counts, address)
    }

    /// What follows from an answer.
    struct Settled {
        var events: [DeliveryEvent] = []
        /// Those who need not wait any longer.
        var flushes: [EventLoopPromise<Void>] = []
        /// The milliseconds until something is due, or nil if nothing is.
        var pause: Int?
    }

    /// Those who wait until nothing waits, who are forgotten then.
    mutating func takeFlushes() -> [EventLoopPromise<Void>] {
        defer { flushes = [] }
        return flushes
    }

    /// The server has answered, or could not be reached.
    mutating func settle(_ outcome: Outcome, _ answer: WebAnswer?, _ reason: String, now: NIODeadline) -> Settled {
        isSending = false
        guard !isStopped, var batch else { return Settled(flushes: takeFlushes()) }
        let count = batch.items.count
        switch outcome {
        case .taken(let rejected): return end(sent: count - rejected, rejected: rejected, answer, now)
        case .rejected: return end(sent: 0, rejected: count, answer, now)
        case .moved(let address):
            batch.attempts += 1
            // A server that redirects in a circle is a server that fails.
            guard batch.attempts % 4 != 0 else { break }
            (self.address, self.batch) = (address, batch)
            return Settled(pause: 0)
        case .again(let items, let rejected):
            counts.sent += count - items.count - rejected
            counts.rejected += rejected
            batch.items = items.map { batch.items[$0] }
            batch.attempts += 1
        }
        return fail(batch, answer, reason, now)
    }

    private mutating func fail(_ batch: Batch, _ answer: WebAnswer?, _ reason: String, _ now: NIODeadline) -> Settled {
        counts.failures += 1
        let pause = batch.pause(answer.flatMap { RetryAfter.milliseconds($0.retryAfter) })
        pauseEnd = now + .milliseconds(Int64(pause))
        let isOver = isStopping || now - batch.began > Batch.longestAge
        if isOver { counts.expired += batch.items.count }
        (self.batch, inBatch) = isOver ? (nil, 0) : (batch, batch.items.count)
        var settled = Settled(flushes: takeFlushes(), pause: isStopping ? nil : pause)
        if lostBefore == nil {
            let text = answer.map { "\(address.origin) answers with status \($0.status)." } ?? reason
            settled.events.append(.failing(told, reason: text, pause: pause))
            lostBefore = counts.lost
        }
        return settled
    }

    private mutating func end(sent: Int, rejected: Int, _ answer: WebAnswer?, _ now: NIODeadline) -> Settled {
        counts.sent += sent
        counts.rejected += rejected
        (batch, inBatch) = (nil, 0)
        var settled = Settled()
        if rejected > 0, toldRejection.map({ now - $0 > .minutes(1) }) ?? true {
            toldRejection = now
            settled.events.append(.rejected(told, status: answer?.status ?? 0, count: rejected))
        }
        if let lost = lostBefore {
            lostBefore = nil
            settled.events.append(.recovered(told, lost: counts.lost - lost))
        }
        if waiting.count >= (flushes.isEmpty ? batchSize : 1) {
            settled.pause = 0
        } else if waiting.count == 0 {
            settled.flushes = takeFlushes()
        }
        return settled
    }

    /// The counts with what waits now.
    private var told: DestinationCounts {
        var counts = counts
        counts.waiting = waiting.count + inBatch
        return counts
    }
}
