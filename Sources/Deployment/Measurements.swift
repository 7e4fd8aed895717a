/// The values that were measured of one image, or of a model in the image that would be built from it.
public struct Measurements: Sendable, Codable {
    /// The path or the reference of the image or model that was measured.
    public var subject: String
    /// The numeric measurements by the name of their metric, in bytes or seconds.
    ///
    /// A metric that could not be measured has no entry.
    public var numbers: [String: Double]
    /// The non-numeric measurements by the name of their metric.
    ///
    /// A metric that could not be measured has no entry.
    public var values: [String: [String]]
    /// The reasons why a metric is missing or only estimated, by the name of the metric.
    public var remarks: [String: String]
    /// What would make the model smaller, in one sentence, if anything is known.
    public var suggestion: String?
    /// The largest files of the root file system, in descending order of size.
    public var files: [File]

    /// A file in the root file system of an image.
    public struct File: Sendable, Codable, Equatable {
        /// The absolute path of the file in the image.
        public var path: String
        /// The size of the file in bytes.
        public var bytes: Int64

        /// Creates a file.
        public init(path: String, bytes: Int64) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// The keys of the JSON form, which baselines of users contain.
    private enum CodingKeys: String, CodingKey {
        case subject, numbers
        case values = "words"
        case remarks, suggestion, files
    }

    /// Creates measurements of `subject` that contain no values yet.
    public init(subject: String) {
        self.subject = subject
        (numbers, values, remarks, files) = ([:], [:], [:], [])
    }

    /// The number of bytes or seconds that was measured for `metric`, or nil if there is none.
    public subscript(metric: Metric) -> Double? {
        get { numbers[metric.rawValue] }
        set { numbers[metric.rawValue] = newValue }
    }

    /// Sets the values of a non-numeric metric; they are stored in sorted order.
    public mutating func set(_ metric: Metric, _ values: [String]) { self.values[metric.rawValue] = values.sorted() }

    /// Records why a metric is missing or only estimated.
    public mutating func remark(_ metric: Metric, _ text: String) { remarks[metric.rawValue] = text }
}
