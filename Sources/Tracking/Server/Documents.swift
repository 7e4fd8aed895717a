import Foundation

/// A key and a value, as MLflow lists them.
struct KeyValue: Codable, Sendable {
    var key: String
    var value: String

    init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// A server may leave out a value without characters.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        key = try values.decode(String.self, forKey: .key)
        value = try values.decodeIfPresent(String.self, forKey: .value) ?? ""
    }

    static func list(_ values: [String: String]) -> [KeyValue] {
        values.sorted { $0.key < $1.key }.map { KeyValue(key: $0.key, value: $0.value) }
    }

    static func dictionary(_ list: [KeyValue]?) -> [String: String] {
        Dictionary((list ?? []).map { ($0.key, $0.value) }) { $1 }
    }
}

/// The answer about one run.
struct RunReply: Decodable {
    struct Content: Decodable {
        struct Info: Decodable {
            var run_id: String
            var experiment_id: String
            var artifact_uri: String?
        }
        var info: Info

        var named: Run { Run(id: info.run_id, experiment: info.experiment_id, artifacts: info.artifact_uri ?? "") }
    }
    var run: Content
}

/// A measurement.
///
/// A value that JSON has no number for is a string.
struct Metric: Codable {
    enum Value: Codable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = try (try? container.decode(Double.self)).map { .number($0) } ?? .text(container.decode(String.self))
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }

        var number: Double {
            switch self {
            case .number(let number): number
            case .text(let text): Double(text) ?? .nan
            }
        }
    }

    var key: String?
    var value: Value
    var timestamp: Int64?
    var step: Int64?

    init(_ metric: MetricValue) {
        key = metric.key
        let number = metric.value
        value = number.isFinite ? .number(number) : .text(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
        (timestamp, step) = (metric.time, metric.step)
    }

    func value(_ key: String) -> MetricValue { MetricValue(key, value.number, time: timestamp ?? 0, step: step ?? 0) }
}

/// The data that a run has read.
struct DatasetInputs: Encodable {
    struct Input: Encodable {
        struct Dataset: Encodable {
            var name: String
            var digest: String
            var source_type = "local"
            var source: String
            var profile: String
        }
        var tags: [KeyValue]
        var dataset: Dataset

        init(_ input: DatasetInput) {
            tags = [KeyValue(key: "mlflow.data.context", value: input.context)]
            dataset = Dataset(
                name: input.name, digest: input.digest, source: input.sourceDocument, profile: input.profile)
        }
    }
    var run_id: String
    var datasets: [Input]
}

extension Array {
    /// The elements in parts of at most `count`.
    func parts(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
