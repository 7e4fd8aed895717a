import Glibc

/// What happened lately, in slots of equal length.
///
/// It is a ring: a new slot takes the place of the oldest one, so it never grows.
struct Timeline: Sendable {
    /// What happened in one slot.
    struct Slot: Sendable {
        /// The number of the slot since 1970.
        var number = 0
        var requests = 0
        var errors = 0
        /// The number of texts of each label, for the labels up to the last one that was seen.
        var labels: [Int] = []
        var latency = LatencyHistogram()
    }

    /// The length of a slot in seconds.
    let seconds: Int
    private var ring: [Slot]

    init(slots count: Int, seconds: Int) {
        self.seconds = seconds
        ring = Array(repeating: Slot(), count: count)
    }

    /// Changes the slot of a time in seconds since 1970.
    mutating func update(at time: Int, _ change: (inout Slot) -> Void) {
        let number = time / seconds
        let index = number % ring.count
        if ring[index].number != number { ring[index] = Slot(number: number) }
        change(&ring[index])
    }

    /// The slots up to a time, the oldest first.
    ///
    /// Slots in which nothing happened are empty.
    func slots(until time: Int) -> [Slot] {
        let last = time / seconds
        return (last - ring.count + 1...last).map { number in
            let slot = ring[number % ring.count]
            return slot.number == number ? slot : Slot(number: number)
        }
    }
}

/// Times of requests in buckets that grow by a fifth, from 0.1 ms to 10 s.
///
/// A percentile is therefore at most a tenth off.
struct LatencyHistogram: Sendable {
    private static let (smallest, growth, count) = (0.0001, 1.2, 64)
    private var buckets: [Int] = []

    mutating func add(_ seconds: Double) {
        if buckets.isEmpty { buckets = Array(repeating: 0, count: Self.count) }
        let position = Glibc.log(max(seconds, Self.smallest) / Self.smallest) / Glibc.log(Self.growth)
        buckets[min(Int(position), Self.count - 1)] += 1
    }

    mutating func add(_ other: LatencyHistogram) {
        if buckets.isEmpty {
            buckets = other.buckets
        } else {
            for (index, count) in other.buckets.enumerated() { buckets[index] += count }
        }
    }

    /// The time in seconds within which a share of the requests was answered, or nil if there were none.
    func percentile(_ share: Double) -> Double? {
        let total = buckets.reduce(0, +)
        guard total > 0 else { return nil }
        var (left, index) = (max(1, Int((Double(total) * share).rounded(.up))), 0)
        while left > buckets[index] { (left, index) = (left - buckets[index], index + 1) }
        return Self.smallest * pow(Self.growth, Double(index) + 0.5)
    }
}
