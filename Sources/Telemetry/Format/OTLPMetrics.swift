import JSON

/// Metrics in the JSON of the OpenTelemetry protocol, as numbers since the start of the function.
///
/// They have the names that `/metrics` has, so the same queries work.
///
/// - Source: OpenTelemetry Protocol 1.9, `metrics.proto`.
struct OTLPMetrics {
    /// When the function started.
    let start: Timestamp
    /// When the numbers were read.
    let time: Timestamp

    /// Writes metrics with commas between them.
    func items(_ metrics: [Metric]) -> [UInt8] {
        let written = metrics.map { metric in
            var writer = JSONWriter()
            write(metric, &writer)
            return writer.bytes
        }
        return Array(written.joined(separator: [UInt8(ascii: ",")]))
    }

    private func write(_ metric: Metric, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", metric.name)
        writer.member("description", metric.help)
        switch metric.kind {
        case .counter:
            writer.key("sum")
            writer.beginObject()
            writer.member("aggregationTemporality", .number(2))  // cumulative
            writer.member("isMonotonic", .bool(true))
            write(metric.samples, hasStart: true, &writer)
            writer.endObject()
        case .gauge, .info:
            writer.key("gauge")
            writer.beginObject()
            write(metric.samples, hasStart: false, &writer)
            writer.endObject()
        case .histogram(let histogram):
            if metric.name.hasSuffix("_seconds") { writer.member("unit", "s") }
            writer.key("histogram")
            write(histogram, &writer)
        }
        writer.endObject()
    }

    private func write(_ samples: [Metric.Sample], hasStart: Bool, _ writer: inout JSONWriter) {
        writer.key("dataPoints")
        writer.beginArray()
        for sample in samples {
            writer.beginObject()
            writeTimes(hasStart: hasStart, &writer)
            if let whole = Int(exactly: sample.value) {
                writer.member("asInt", "\(whole)")
            } else {
                writer.member("asDouble", .number(sample.value))
            }
            OTLPFormat.write(sample.labels.map { Attribute($0.name, $0.value) }, &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ histogram: Histogram, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("aggregationTemporality", .number(2))
        writer.key("dataPoints")
        writer.beginArray()
        writer.beginObject()
        writeTimes(hasStart: true, &writer)
        writer.member("count", "\(histogram.count)")
        writer.member("sum", .number(histogram.sum))
        writer.member("bucketCounts", .array(histogram.counts.map { .string("\($0)") }))
        writer.member("explicitBounds", .array(histogram.bounds.map { .number($0) }))
        writer.key("exemplars")
        writer.beginArray()
        for case let exemplar? in histogram.exemplars {
            writer.beginObject()
            writer.member("timeUnixNano", "\(exemplar.time.nanoseconds)")
            writer.member("asDouble", .number(exemplar.value))
            writer.member("traceId", exemplar.trace.id)
            if let span = exemplar.trace.span { writer.member("spanId", span) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
    }

    private func writeTimes(hasStart: Bool, _ writer: inout JSONWriter) {
        if hasStart { writer.member("startTimeUnixNano", "\(start.nanoseconds)") }
        writer.member("timeUnixNano", "\(time.nanoseconds)")
    }
}
