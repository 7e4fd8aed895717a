import Dispatch
import Inference
import Synchronization

/// Classifies many texts on all cores, in order.
struct Scorer {
    let classifier: Classifier
    let threads: Int

    /// Texts that a core takes at a time.
    static let slice = 32

    /// Tokens of a pass: enough to read the weights once for many texts, few enough for what it writes to stay in a core's
    /// own cache.
    static let tokens = 128

    init(_ classifier: Classifier, threads: Int = CPUQuota.current.cores) {
        self.classifier = classifier
        self.threads = threads
    }

    func classify(_ texts: [String]) -> [Classifier.Prediction] {
        map(texts) { classifier.classify($0, in: $1) }
    }

    func embed(_ texts: [String]) -> [[Float]] {
        map(texts) { classifier.embed($0, in: $1) }
    }

    /// Calls `body` with slices of `items`, each core with a workspace of its own, and joins the results in order.
    func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], slice: Int = slice, _ body: @Sendable ([Item], Workspace) -> [Result]
    ) -> [Result] {
        let slices = (items.count + slice - 1) / slice
        let next = Atomic(0)
        let results = Mutex([[Result]](repeating: [], count: slices))
        DispatchQueue.concurrentPerform(iterations: min(threads, slices)) { _ in
            let workspace = classifier.makeWorkspace(tokens: Self.tokens)
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < slices else { return }
                let result = body(Array(items[index * slice..<min((index + 1) * slice, items.count)]), workspace)
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { Array($0.joined()) }
    }
}
