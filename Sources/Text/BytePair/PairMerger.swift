/// Merges the bytes of a piece into tokens, in memory that all pieces of a text share.
///
/// The pair with the lowest rank is merged first, and of equal ranks the leftmost, until no pair has a merge.
///
/// - Complexity: O(n log n) for a piece of n bytes.
struct PairMerger {
    /// A token that takes part in merges.
    ///
    /// Symbols form a list, because a merge removes the right one.
    private struct Symbol {
        var id: Int32
        var previous: Int32
        var next: Int32
    }

    /// A merge that may be applied: its rank in the upper half and the position of its left symbol in the lower one.
    private struct Candidate {
        var key: UInt64
        var merged: Int32
    }

    private static let none: Int32 = -1
    /// Marks the `next` of a symbol that was merged into the one before it.
    private static let removed: Int32 = -2

    private var symbols: [Symbol] = []
    /// A binary heap with the lowest key first.
    private var heap: [Candidate] = []

    /// Appends the tokens of a piece.
    ///
    /// - Parameters:
    ///   - piece: the bytes, at least one.
    ///   - bytes: the id of each byte.
    ///   - merges: the merges.
    ///   - ids: receives the ids.
    mutating func append(
        _ piece: Slice<UnsafeBufferPointer<UInt8>>, _ bytes: UnsafeBufferPointer<Int32>, _ merges: MergeTable,
        to ids: inout [Int32]
    ) {
        symbols.removeAll(keepingCapacity: true)
        for byte in piece {
            let index = Int32(symbols.count)
            symbols.append(Symbol(id: bytes[Int(byte)], previous: index - 1, next: index + 1))
        }
        symbols[symbols.count - 1].next = Self.none
        for index in 0..<symbols.count - 1 { offer(Int32(index), Int32(index + 1), merges) }
        while let candidate = pop() { apply(candidate, merges) }
        var index: Int32 = 0
        while index >= 0 {
            ids.append(symbols[Int(index)].id)
            index = symbols[Int(index)].next
        }
    }

    /// Applies a merge, unless its symbols have changed since it was found.
    private mutating func apply(_ candidate: Candidate, _ merges: MergeTable) {
        let left = Int(truncatingIfNeeded: UInt32(truncatingIfNeeded: candidate.key))
        let right = symbols[left].next
        guard right >= 0, let (_, merged) = merges.merge(symbols[left].id, symbols[Int(right)].id),
            merged == candidate.merged
        else { return }
        let next = symbols[Int(right)].next
        symbols[Int(right)].next = Self.removed
        symbols[left].id = merged
        symbols[left].next = next
        if symbols[left].previous >= 0 { offer(symbols[left].previous, Int32(left), merges) }
        guard next >= 0 else { return }
        symbols[Int(next)].previous = Int32(left)
        offer(Int32(left), next, merges)
    }

    private mutating func offer(_ left: Int32, _ right: Int32, _ merges: MergeTable) {
        guard let (rank, merged) = merges.merge(symbols[Int(left)].id, symbols[Int(right)].id) else { return }
        let key = UInt64(UInt32(bitPattern: rank)) << 32 | UInt64(UInt32(bitPattern: left))
        heap.append(Candidate(key: key, merged: merged))
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[child].key < heap[parent].key {
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> Candidate? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while case var child = 2 * parent + 1, child < heap.count {
            if child + 1 < heap.count && heap[child + 1].key < heap[child].key { child += 1 }
            guard heap[child].key < heap[parent].key else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return first
    }
}
