/// How often each size of texts occurs.
public struct Distribution: Sendable {
    /// The number of texts of each size; the last one counts all larger sizes.
    private var counts = [Int](repeating: 0, count: longest + 1)
    /// Sizes from this one on are counted together.
    public static let longest = 2000
    /// The number of texts.
    public private(set) var total = 0
    /// The largest size.
    public private(set) var largest = 0
    private var sum = 0

    /// Counts a text.
    mutating func add(_ size: Int) {
        counts[min(size, Self.longest)] += 1
        total += 1
        sum += size
        largest = max(largest, size)
    }

    /// The mean size, or 0 without texts.
    public var mean: Double { total == 0 ? 0 : Double(sum) / Double(total) }

    /// The smallest size that a share of the texts does not exceed, or 0 without texts.
    ///
    /// - Parameter share: The share, from 0 to 1.
    /// - Returns: The size.
    public func percentile(_ share: Double) -> Int {
        let wanted = max(1, Int((share * Double(total)).rounded(.up)))
        var seen = 0
        for (size, count) in counts.enumerated() {
            seen += count
            if seen >= wanted { return size }
        }
        return 0
    }

    /// The number of texts whose size is in a range.
    ///
    /// - Parameter sizes: The range.
    /// - Returns: The number of texts.
    public func count(in sizes: Range<Int>) -> Int { counts[sizes.clamped(to: 0..<counts.count)].reduce(0, +) }
}

extension Distribution: Encodable {
    private enum CodingKeys: CodingKey { case mean, p5, p50, p95, largest }

    /// Encodes the mean, three percentiles and the largest size.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: The error of the encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mean, forKey: .mean)
        try container.encode(percentile(0.05), forKey: .p5)
        try container.encode(percentile(0.5), forKey: .p50)
        try container.encode(percentile(0.95), forKey: .p95)
        try container.encode(largest, forKey: .largest)
    }
}
