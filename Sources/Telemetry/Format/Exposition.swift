/// Metrics as a text that Prometheus reads when it asks for it.
///
/// - Source: Prometheus text exposition format 0.0.4; OpenMetrics 1.0.0.
public struct Exposition {
    /// The form of the text.
    public enum Form: Sendable {
        /// The text format of Prometheus.
        case prometheus
        /// OpenMetrics, which has exemplars.
        case openMetrics

        /// The media type.
        public var mediaType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    /// The text.
    public private(set) var text = ""
    private let form: Form

    /// Writes metrics.
    ///
    /// - Parameters:
    ///   - metrics: The metrics, in their order.
    ///   - form: The form of the text.
    public init(_ metrics: [Metric], _ form: Form) {
        self.form = form
        for metric in metrics { write(metric) }
        if form == .openMetrics { text += "# EOF\n" }
    }

    private mutating func write(_ metric: Metric) {
        let (suffix, type) =
            switch metric.kind {
            case .counter: ("_total", "counter")
            case .gauge: ("", "gauge")
            case .info: ("_info", form == .openMetrics ? "info" : "gauge")
            case .histogram: ("", "histogram")
            }
        // In OpenMetrics, the suffix belongs to the sample and not to the family.
        let family = form == .openMetrics ? String(metric.name.dropLast(suffix.utf8.count)) : metric.name
        text += "# HELP \(family) \(metric.help)\n# TYPE \(family) \(type)\n"
        for sample in metric.samples {
            text += "\(metric.name)\(Self.labels(sample.labels)) \(Self.number(sample.value))\n"
        }
        if case .histogram(let histogram) = metric.kind { write(histogram, metric.name) }
    }

    private mutating func write(_ histogram: Histogram, _ name: String) {
        var total = 0
        for index in histogram.counts.indices {
            total += histogram.counts[index]
            let bound = index < histogram.bounds.count ? "\(histogram.bounds[index])" : "+Inf"
            text += "\(name)_bucket{le=\"\(bound)\"} \(total)"
            if form == .openMetrics, let exemplar = histogram.exemplars[index] {
                text +=
                    " # {trace_id=\"\(exemplar.trace.id)\",span_id=\"\(exemplar.trace.span ?? "")\"} \(exemplar.value) "
                text += "\(Double(exemplar.time.nanoseconds / 1_000_000) / 1000)"
            }
            text += "\n"
        }
        text += "\(name)_sum \(histogram.sum)\n\(name)_count \(total)\n"
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{\(labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ","))}"
    }

    /// A number, without a fraction if it is whole.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// The value of a label with the escapes that the format requires.
    ///
    /// It works on Unicode scalars, because a quote may be part of a longer character.
    private static func escaped(_ label: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in label.unicodeScalars {
            switch scalar {
            case "\\": text.append(contentsOf: #"\\"#.unicodeScalars)
            case "\"": text.append(contentsOf: #"\""#.unicodeScalars)
            case "\n": text.append(contentsOf: #"\n"#.unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
