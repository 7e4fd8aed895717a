/// The merges of byte-pair encoding as a hash table, used directly in the form in which a model file stores it.
///
/// A slot is four `Int32`: the ids of the left and the right token, the rank of the merge, and the id of the merged token.
/// A free slot has the left id -1. The number of slots is a power of two. A pair is looked up from the slot of its hash on,
/// in at most `mostProbes` slots.
///
/// The table is not trusted: whatever it contains, a search ends, and every id is below the vocabulary size.
public struct MergeTable {
    /// The merge of two tokens.
    struct Merge: BitwiseCopyable {
        var left: Int32
        var right: Int32
        /// The lower, the earlier the merge is applied.
        var rank: Int32
        var merged: Int32

        static let free = Merge(left: -1, right: -1, rank: -1, merged: -1)
    }

    /// The number of `Int32` values in a slot.
    public static let slotWidth = 4
    /// The most slots that are searched for a pair.
    static let mostProbes = 64

    private let slots: UnsafeBufferPointer<Merge>
    private let mask: Int
    private let vocabulary: Int32

    /// Creates a view of a table; nothing is copied.
    ///
    /// - Parameters:
    ///   - words: the slots, `slotWidth` values each. The memory must outlive the table. Slots beyond the largest power of
    ///     two are not used.
    ///   - vocabulary: the number of ids.
    public init(words: UnsafeBufferPointer<Int32>, vocabulary: Int) {
        let count = words.count / Self.slotWidth
        let used = count > 0 ? 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount) : 0
        slots = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(words).prefix(used * MemoryLayout<Merge>.size)
        ).bindMemory(to: Merge.self)
        mask = used - 1
        self.vocabulary = Int32(clamping: vocabulary)
    }

    /// Returns the rank and the id of the merge of two tokens, or nil if they are not merged.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> (rank: Int32, merged: Int32)? {
        guard mask >= 0 else { return nil }
        var slot = Self.hash(left, right) & mask
        for _ in 0..<Self.mostProbes {
            let found = slots[slot]
            if found.left == left && found.right == right {
                return found.merged >= 0 && found.merged < vocabulary ? (found.rank, found.merged) : nil
            }
            if found.left < 0 { return nil }
            slot = (slot + 1) & mask
        }
        return nil
    }

    @inline(__always)
    private static func hash(_ left: Int32, _ right: Int32) -> Int {
        var hash = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        return Int(hash >> 33)
    }

    /// Builds the table of some merges.
    ///
    /// - Parameter merges: the ids of both tokens and of the merged one, in the order of their ranks. If a pair occurs
    ///   several times, its last merge counts.
    /// - Returns: the slots, `slotWidth` values each.
    public static func build(_ merges: [(left: Int32, right: Int32, merged: Int32)]) -> [Int32] {
        var count = 2
        while count < merges.count * 2 { count *= 2 }
        while true {
            if let slots = fill(count, merges) { return slots.flatMap { [$0.left, $0.right, $0.rank, $0.merged] } }
            count *= 2
        }
    }

    /// Returns nil if a pair would be too far from the slot of its hash.
    private static func fill(_ count: Int, _ merges: [(left: Int32, right: Int32, merged: Int32)]) -> [Merge]? {
        var slots = [Merge](repeating: .free, count: count)
        for (rank, merge) in merges.enumerated() {
            var slot = hash(merge.left, merge.right) & (count - 1)
            var probes = 1
            while slots[slot].left >= 0 && (slots[slot].left, slots[slot].right) != (merge.left, merge.right) {
                guard probes < min(mostProbes, count) else { return nil }
                probes += 1
                slot = (slot + 1) & (count - 1)
            }
            slots[slot] = Merge(left: merge.left, right: merge.right, rank: Int32(rank), merged: merge.merged)
        }
        return slots
    }
}
