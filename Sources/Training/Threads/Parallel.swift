import Dispatch
import Synchronization

/// Computes parts of a range on all cores.
///
/// The parts do not depend on the number of cores, so neither do sums over them.
///
/// - Parameters:
///   - count: The size of the range.
///   - parts: The number of parts.
///   - body: Computes a part.
/// - Returns: The results in order.
func inParallel<Result: Sendable>(
    _ count: Int, parts: Int, _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
    let parts = max(1, min(parts, count))
    let results = Mutex([Result?](repeating: nil, count: parts))
    DispatchQueue.concurrentPerform(iterations: parts) { part in
        let result = body(count * part / parts..<count * (part + 1) / parts)
        results.withLock { $0[part] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
}
