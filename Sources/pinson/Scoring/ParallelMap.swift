import Dispatch
import Inference
import Synchronization

/// Works on many items on all cores, and returns the results in order.
struct ParallelMap {
    /// The number of cores that are used.
    var threads = CPUQuota.current.cores

    /// The number of items that a core takes at a time.
    static let slice = 32

    /// The number of tokens of a pass.
    ///
    /// It is large enough to use each weight for many texts once it is read, and small enough for the intermediate
    /// results to stay in a core's own cache.
    static let tokens = 128

    /// Calls `body` with slices of `items`, and joins the results in order.
    ///
    /// - Parameters:
    ///   - items: The items.
    ///   - makeWorker: Creates the worker of one core.
    ///   - body: Handles one slice with the worker of its core.
    /// - Returns: The results of all slices.
    func map<Item: Sendable, Worker, Result: Sendable>(
        _ items: [Item], _ makeWorker: @Sendable () -> Worker, _ body: @Sendable ([Item], Worker) -> [Result]
    ) -> [Result] {
        let slice = Self.slice
        let slices = (items.count + slice - 1) / slice
        let next = Atomic(0)
        let results = Mutex([[Result]](repeating: [], count: slices))
        DispatchQueue.concurrentPerform(iterations: min(threads, slices)) { _ in
            let worker = makeWorker()
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < slices else { return }
                let result = body(Array(items[index * slice..<min((index + 1) * slice, items.count)]), worker)
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { Array($0.joined()) }
    }
}

extension Classifier {
    /// Classifies texts on all cores.
    func classifyOnAllCores(_ texts: [String]) -> [Prediction] {
        ParallelMap().map(texts) {
            makeWorker(tokens: ParallelMap.tokens)
        } _: {
            $1.classify($0)
        }
    }
}

extension SentenceEncoder {
    /// Embeds texts on all cores.
    func embedOnAllCores(_ texts: [String]) -> [[Float]] {
        ParallelMap().map(texts) {
            makeWorker(tokens: ParallelMap.tokens)
        } _: {
            $1.embed($0)
        }
    }

    /// Computes on all cores what the head of a classifier reads.
    func poolOnAllCores(_ texts: [String]) -> [[Float]] {
        ParallelMap().map(texts) {
            makeWorker(tokens: ParallelMap.tokens)
        } _: {
            $1.pool($0)
        }
    }
}
