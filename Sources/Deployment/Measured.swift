/// What was measured of one image, or of a model before it is in one.
public struct Measured: Sendable, Codable {
    /// What was measured: a path or a reference.
    public var subject: String
    /// Bytes and seconds; what could not be measured is not there.
    public var numbers: [String: Double]
    /// Of everything that is no number.
    public var words: [String: [String]]
    /// Why a number is not there, or not exact.
    public var remarks: [String: String]
    /// The files of the root file system, the heaviest first.
    public var files: [File]

    public struct File: Sendable, Codable, Equatable {
        public var path: String
        public var bytes: Int64

        public init(path: String, bytes: Int64) {
            self.path = path
            self.bytes = bytes
        }
    }

    public init(subject: String) {
        self.subject = subject
        (numbers, words, remarks, files) = ([:], [:], [:], [])
    }

    public subscript(measure: Measure) -> Double? {
        get { numbers[measure.rawValue] }
        set { numbers[measure.rawValue] = newValue }
    }

    public mutating func set(_ measure: Measure, _ values: [String]) { words[measure.rawValue] = values.sorted() }

    public mutating func remark(_ measure: Measure, _ text: String) { remarks[measure.rawValue] = text }
}
