import NIOCore
public import WebClient

/// A kind of telemetry in OpenTelemetry.
public enum Signal: String, Sendable, CaseIterable {
    /// The requests, as spans.
    case traces
    /// The messages.
    case logs
    /// The counters and gauges.
    case metrics

    /// The variable with the address for this signal alone.
    var endpointVariable: String {
        switch self {
        case .traces: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        case .logs: "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"
        case .metrics: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
        }
    }

    /// The variable that turns the signal on or off.
    var exporterVariable: String {
        switch self {
        case .traces: "OTEL_TRACES_EXPORTER"
        case .logs: "OTEL_LOGS_EXPORTER"
        case .metrics: "OTEL_METRICS_EXPORTER"
        }
    }
}

/// The collector of one signal.
///
/// - Source: OpenTelemetry, "OTLP Exporter Configuration".
public struct CollectorSettings: Equatable, Sendable {
    /// What it takes.
    public var signal: Signal
    /// Its address.
    public var address: WebAddress
    /// Headers, whose values may be secrets.
    var headers: [Header]
    /// Whether the body is compressed with gzip.
    var compresses: Bool
    /// The time that an answer may take, in milliseconds.
    var timeout: Int

    /// A header of a request.
    struct Header: Equatable, Sendable {
        var name: String
        var value: String
    }

    /// Reads the settings, or returns nil if this signal is not sent.
    ///
    /// A variable of the signal, such as `OTEL_EXPORTER_OTLP_LOGS_HEADERS`, counts before that of all signals.
    init?(_ signal: Signal, reading value: (String) -> String?) throws(TelemetrySettingsError) {
        let own = signal.endpointVariable.dropLast("ENDPOINT".utf8.count)
        func read(_ name: String) -> (name: String, text: String)? {
            for name in [own + name, "OTEL_EXPORTER_OTLP_" + name] {
                if let text = value(name) { return (name, text) }
            }
            return nil
        }
        self.signal = signal
        let exporter = value(signal.exporterVariable)
        guard exporter == nil || exporter == "otlp" || exporter == "none" else {
            throw TelemetrySettingsError(signal.exporterVariable, found: exporter ?? "", expected: "otlp or none")
        }
        let (variable, base) = ("OTEL_EXPORTER_OTLP_ENDPOINT", value("OTEL_EXPORTER_OTLP_ENDPOINT"))
        let endpoint = value(signal.endpointVariable)
        guard exporter != "none", endpoint != nil || base != nil || exporter == "otlp" else { return nil }
        guard let address = WebAddress(endpoint ?? base ?? "http://localhost:4318") else {
            throw TelemetrySettingsError(
                endpoint == nil ? variable : signal.endpointVariable,
                expected: "an address such as http://localhost:4318, without a user")
        }
        self.address = endpoint == nil ? address.appending("/v1/\(signal.rawValue)") : address
        if let (name, text) = read("PROTOCOL"), text != "http/json" {
            throw TelemetrySettingsError(
                name, found: text, expected: "http/json, which is the only one that Pinson speaks")
        }
        let compression = read("COMPRESSION")
        guard ["gzip", "none"].contains(compression?.text ?? "none") else {
            throw TelemetrySettingsError(
                compression?.name ?? "", found: compression?.text ?? "", expected: "gzip or none")
        }
        compresses = compression?.text == "gzip"
        timeout = 10_000
        if let (name, text) = read("TIMEOUT") {
            guard let number = Int(text), (1...600_000).contains(number) else {
                throw TelemetrySettingsError(
                    name, found: text, expected: "an integer from 1 to 600000, in milliseconds")
            }
            timeout = number
        }
        headers = []
        if let (name, text) = read("HEADERS") { headers = try Self.headers(name, text) }
    }

    /// Reads `name=value,name=value`, whose values are percent-encoded.
    private static func headers(_ variable: String, _ text: String) throws(TelemetrySettingsError) -> [Header] {
        var headers: [Header] = []
        for (name, value) in try pairs(variable, text) {
            // NIO stops the process if a name or a value has other characters.
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }),
                value.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { throw TelemetrySettingsError(variable, expected: "headers of printable characters") }
            headers.append(Header(name: name, value: value))
        }
        return headers
    }

    /// Reads pairs with `=` between their parts and commas between them, without the percent-encoding of the values.
    static func pairs(
        _ variable: String, _ text: String
    ) throws(TelemetrySettingsError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let value = decoded(pair[1]) else {
                throw TelemetrySettingsError(variable, expected: "NAME=VALUE with commas between them")
            }
            pairs.append((String(pair[0].filter { $0 != " " }), value))
        }
        return pairs
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while rest.first == 0x20 { rest = rest.dropFirst() }
        while rest.last == 0x20 { rest = rest.dropLast() }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard rest.count >= 2, let value = UInt8(digits, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
