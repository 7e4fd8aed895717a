/// What is recorded about a run, beside its files.
public struct RunEntries: Equatable, Sendable {
    /// The settings of the run.
    ///
    /// A store keeps the first value of each.
    public var params: [String: String]
    /// Measurements, in any order.
    public var metrics: [MetricValue]
    /// Facts that may change later.
    public var tags: [String: String]
    /// The data that the run has read.
    public var datasets: [DatasetInput]

    /// Collects entries, and makes them valid for MLflow: other characters in names become underscores, and long values
    /// are cut.
    ///
    /// - Parameters:
    ///   - params: The settings of the run.
    ///   - metrics: Measurements.
    ///   - tags: Facts that may change later.
    ///   - datasets: The data that the run has read.
    public init(
        params: [String: String] = [:], metrics: [MetricValue] = [], tags: [String: String] = [:],
        datasets: [DatasetInput] = []
    ) {
        func valid(_ values: [String: String], _ limit: Int) -> [String: String] {
            values.reduce(into: [:]) { $0[entryName($1.key)] = $1.value.cut(to: limit) }
        }
        // The limits of MLflow 3.17 for the value of a parameter and of a tag.
        self.params = valid(params, 6000)
        self.tags = valid(tags, 8000)
        self.metrics = metrics
        self.datasets = datasets
    }

    /// Whether there is nothing to record.
    public var isEmpty: Bool { params.isEmpty && metrics.isEmpty && tags.isEmpty && datasets.isEmpty }
}

/// One measurement.
public struct MetricValue: Hashable, Sendable {
    /// What was measured.
    public let key: String
    /// The value.
    public let value: Double
    /// The time, in milliseconds since 1970.
    public let time: Int64
    /// The number of the step, such as that of an epoch.
    public let step: Int64

    /// Records a measurement.
    ///
    /// - Parameters:
    ///   - key: What was measured. Characters that MLflow does not allow become underscores.
    ///   - value: The value.
    ///   - time: The time, in milliseconds since 1970.
    ///   - step: The number of the step.
    public init(_ key: String, _ value: Double, time: Int64, step: Int64 = 0) {
        self.key = entryName(key)
        self.value = value
        self.time = time
        self.step = step
    }
}

/// Data that a run has read.
public struct DatasetInput: Hashable, Sendable {
    /// The name of the data, such as that of the file.
    public var name: String
    /// The first 36 characters, at most, of a digest of the data.
    public var digest: String
    /// Where the data came from.
    public var source: String
    /// Numbers about the data, as a JSON object.
    public var profile: String
    /// What the run used the data for, such as `training`.
    public var context: String

    /// Describes data.
    ///
    /// - Parameters:
    ///   - name: The name of the data, such as that of the file.
    ///   - digest: A digest of the data, of which MLflow keeps 36 characters.
    ///   - source: Where the data came from.
    ///   - profile: Numbers about the data, as a JSON object.
    ///   - context: What the run used the data for.
    public init(name: String, digest: String, source: String, profile: String, context: String) {
        self.name = name.cut(to: 500)
        self.digest = digest.cut(to: 36)
        self.source = source
        self.profile = profile
        self.context = context
    }
}

/// A name that MLflow accepts, and that is safe as a part of a path.
///
/// MLflow allows letters, digits, underscores, dashes, dots, spaces, colons and slashes, up to 250 characters.
func entryName(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { scalar -> Unicode.Scalar in
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            scalar
        default: "_-. :/".unicodeScalars.contains(scalar) ? scalar : "_"
        }
    }
    let parts = String(String.UnicodeScalarView(scalars)).cut(to: 250).split(separator: "/").map { part in
        part.allSatisfy { $0 == "." } ? String(repeating: "_", count: part.count) : String(part)
    }
    return parts.isEmpty ? "_" : parts.joined(separator: "/")
}

extension String {
    /// The first `limit` Unicode scalars.
    func cut(to limit: Int) -> String {
        unicodeScalars.count <= limit ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    }
}
