/// Where telemetry is sent, and how much of it.
public struct TelemetrySettings: Sendable, Equatable {
    /// The resource of Application Insights, or nil.
    public var applicationInsights: ConnectionString?
    /// The collectors of OpenTelemetry.
    public var collectors: [CollectorSettings] = []
    /// Decides which traces are kept.
    public var sampler = Sampler.standard
    /// What the function is, as `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say.
    var resource = [Attribute("service.name", "pinson")]
    /// The number of events that may wait for each destination.
    var queueSize = 2048
    /// The number of events that are sent at once.
    var batchSize = 512
    /// The longest time that an event waits for others, in milliseconds.
    var delay = 5000
    /// The time that an answer of Application Insights may take, in milliseconds.
    var timeout = 30_000
    /// The time between two reports of the metrics, in milliseconds.
    public var metricInterval = 60_000
    /// Whether texts, and comments about them, are sent.
    public var sendsText = false
    /// Whether an answer waits until what it has caused was sent, because the processor may be taken away after it.
    public var flushesBeforeAnswer = false

    /// Nothing is sent.
    public init() {}

    /// Whether anything is sent.
    public var isOn: Bool { applicationInsights != nil || !collectors.isEmpty }

    /// Reads the settings.
    ///
    /// - Parameter value: The value of an environment variable, or nil if it is not set or empty.
    /// - Throws: `TelemetrySettingsError` for the first one whose value is not valid.
    public init(reading value: (String) -> String?) throws(TelemetrySettingsError) {
        func boolean(_ name: String) throws(TelemetrySettingsError) -> Bool {
            switch value(name)?.lowercased() {
            case nil, "0", "false": return false
            case "1", "true": return true
            case let text?: throw TelemetrySettingsError(name, found: text, expected: "0, 1, false or true")
            }
        }
        func integer(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) throws(TelemetrySettingsError) -> Int {
            guard let text = value(name) else { return standard }
            guard let number = Int(text), range.contains(number) else {
                throw TelemetrySettingsError(
                    name, found: text, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        sendsText = try boolean("TELEMETRY_TEXT")
        switch value("TELEMETRY_FLUSH") {
        case nil, "interval": break
        case "answer": flushesBeforeAnswer = true
        case let text?: throw TelemetrySettingsError("TELEMETRY_FLUSH", found: text, expected: "interval or answer")
        }
        sampler = try Sampler(value("OTEL_TRACES_SAMPLER"), value("OTEL_TRACES_SAMPLER_ARG"))
        queueSize = try integer("OTEL_BSP_MAX_QUEUE_SIZE", 1...1_000_000, queueSize)
        batchSize = try integer("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1...queueSize, min(batchSize, queueSize))
        delay = try integer("OTEL_BSP_SCHEDULE_DELAY", 1...3_600_000, delay)
        timeout = try integer("OTEL_BSP_EXPORT_TIMEOUT", 1...600_000, timeout)
        metricInterval = try integer("OTEL_METRIC_EXPORT_INTERVAL", 100...86_400_000, metricInterval)
        resource = try Self.resource(value)
        if let text = value(ConnectionString.variable) { applicationInsights = try ConnectionString(text) }
        for signal in Signal.allCases {
            if let collector = try CollectorSettings(signal, reading: value) { collectors.append(collector) }
        }
        if try boolean("OTEL_SDK_DISABLED") { (applicationInsights, collectors) = (nil, []) }
    }

    /// The variables in which platforms name the service.
    private static let platformNames = [
        "K_SERVICE", "CONTAINER_APP_NAME", "WEBSITE_SITE_NAME", "AWS_LAMBDA_FUNCTION_NAME",
    ]

    /// What the function is: the attributes that the user gives, and its name.
    private static func resource(_ value: (String) -> String?) throws(TelemetrySettingsError) -> [Attribute] {
        let variable = "OTEL_RESOURCE_ATTRIBUTES"
        let pairs = try value(variable).map { text throws(TelemetrySettingsError) in
            try CollectorSettings.pairs(variable, text)
        }
        var attributes = (pairs ?? []).map { Attribute($0.name, $0.value) }
        var name = value("OTEL_SERVICE_NAME")
        if name == nil, !attributes.contains(where: { $0.key == "service.name" }) {
            for variable in platformNames where name == nil { name = value(variable) }
            name = name ?? "pinson"
        }
        guard let name else { return attributes }
        attributes.removeAll { $0.key == "service.name" }
        return [Attribute("service.name", name)] + attributes
    }
}
