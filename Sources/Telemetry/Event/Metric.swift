/// A number that the function keeps, or several of them that differ in their labels.
public struct Metric: Sendable {
    /// What the numbers mean.
    public enum Kind: Sendable {
        /// A number that only grows.
        case counter
        /// A number that holds at a moment.
        case gauge
        /// Always 1: the labels are what matters.
        case info
        /// How many values lie in ranges.
        case histogram(Histogram)
    }

    /// One number.
    public struct Sample: Sendable {
        /// What distinguishes it from others of the same metric.
        public var labels: [(name: String, value: String)]
        /// The number.
        public var value: Double

        /// Creates a number.
        ///
        /// - Parameters:
        ///   - labels: What distinguishes it from others of the same metric.
        ///   - value: The number.
        public init(_ labels: [(name: String, value: String)], _ value: Double) {
            (self.labels, self.value) = (labels, value)
        }
    }

    /// The name, which ends with `_total` if this is a counter, and with `_info` if this is information.
    public var name: String
    /// What the numbers mean, in a sentence.
    public var help: String
    /// The kind.
    public var kind: Kind
    /// The numbers, of which a histogram has none.
    public var samples: [Sample]

    /// Creates a metric.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - kind: The kind.
    ///   - help: What the numbers mean.
    ///   - samples: The numbers.
    public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        (self.name, self.kind, self.help, self.samples) = (name, kind, help, samples)
    }
}

/// How many values lie in ranges.
public struct Histogram: Sendable {
    /// A value that is linked to a trace.
    public struct Exemplar: Sendable {
        /// The value.
        public var value: Double
        /// The trace.
        public var trace: Trace
        /// When it was counted.
        public var time: Timestamp

        /// Creates an exemplar.
        ///
        /// - Parameters:
        ///   - value: The value.
        ///   - trace: The trace, which is kept somewhere.
        ///   - time: When it was counted.
        public init(_ value: Double, _ trace: Trace, time: Timestamp = .now) {
            (self.value, self.trace, self.time) = (value, trace, time)
        }
    }

    /// The upper bounds of the ranges but the last one, which has none.
    public let bounds: [Double]
    /// The number of values in each range.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0.0
    /// The last value with a trace in each range, or nil.
    public private(set) var exemplars: [Exemplar?]

    /// Creates an empty histogram.
    ///
    /// - Parameter bounds: The upper bounds of the ranges, in ascending order.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
        exemplars = Array(repeating: nil, count: bounds.count + 1)
    }

    /// Counts a value.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - trace: The trace that it belongs to. Only one that is kept becomes an exemplar.
    public mutating func add(_ value: Double, _ trace: Trace? = nil) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts[index] += 1
        sum += value
        if let trace, trace.isSampled == true { exemplars[index] = Exemplar(value, trace) }
    }

    /// The number of all values.
    public var count: Int { counts.reduce(0, +) }
}
