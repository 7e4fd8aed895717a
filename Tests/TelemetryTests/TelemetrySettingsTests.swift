import Testing
import WebClient

@testable import Telemetry

/// The variables that turn telemetry on, and their errors.
@Suite struct TelemetrySettingsTests {
    private let base = "OTEL_EXPORTER_OTLP_ENDPOINT"

    @Test("Nothing is sent unless an address is given")
    func off() throws {
        #expect(try !Events.settings([:]).isOn)
        #expect(try !Events.settings(["OTEL_SERVICE_NAME": "a", "TELEMETRY_TEXT": "1"]).isOn)
        #expect(try !Events.settings(Events.insights(port: 1).merging(["OTEL_SDK_DISABLED": "true"]) { $1 }).isOn)
    }

    @Test("A connection string gives the key and the address")
    func connectionString() throws {
        let text =
            "InstrumentationKey=0F0E0D0C-1111-2222-3333-444455556666;IngestionEndpoint=https://westeurope-5.in."
            + "applicationinsights.azure.com/;LiveEndpoint=https://x/;ApplicationId=y"
        let insights = try ConnectionString(text)
        #expect(insights.key == Events.key)
        #expect(insights.address.origin == "https://westeurope-5.in.applicationinsights.azure.com")
        #expect(insights.address.target == "/v2.1/track")
        let short = try ConnectionString("InstrumentationKey=\(Events.key);EndpointSuffix=ai.example.com;Location=eu")
        #expect(short.address.origin == "https://eu.dc.ai.example.com")
        #expect(
            try ConnectionString("instrumentationkey=\(Events.key)").address.origin
                == "https://dc.services.visualstudio.com")
    }

    @Test("The base address gets the path of each signal, and an own address is taken as it is")
    func addresses() throws {
        let settings = try Events.settings([
            base: "http://localhost:4318/x/", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "https://logs.example.com/in",
            "OTEL_METRICS_EXPORTER": "none", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Basic%20abc=, x = y",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1500", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION": "gzip",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        ])
        #expect(settings.collectors.map(\.signal) == [.traces, .logs])
        #expect(settings.collectors.map(\.address.target) == ["/x/v1/traces", "/in"])
        #expect(settings.collectors.map(\.compresses) == [false, true])
        #expect(settings.collectors.allSatisfy { $0.timeout == 1500 })
        #expect(
            settings.collectors.first?.headers == [
                .init(name: "authorization", value: "Basic abc="), .init(name: "x", value: "y"),
            ])
        #expect(
            try Events.settings(["OTEL_TRACES_EXPORTER": "otlp"]).collectors.map(\.address.origin)
                == ["http://localhost:4318"])
    }

    @Test("The name of the service comes from the user, then from the platform")
    func names() throws {
        func name(_ variables: [String: String]) throws -> String {
            Events.resource(try Events.settings(variables))["service.name"]
        }
        let attributes = "deployment.environment=test,service.name=b%20c,service.instance.id=i"
        #expect(try name([:]) == "pinson" && name(["K_SERVICE": "run", "WEBSITE_SITE_NAME": "site"]) == "run")
        #expect(try name(["OTEL_RESOURCE_ATTRIBUTES": attributes, "K_SERVICE": "run"]) == "b c")
        #expect(try name(["OTEL_RESOURCE_ATTRIBUTES": attributes, "OTEL_SERVICE_NAME": "a"]) == "a")
        let resource = Events.resource(try Events.settings(["OTEL_RESOURCE_ATTRIBUTES": attributes]))
        #expect(resource["service.instance.id"] == "i" && resource["deployment.environment"] == "test")
        #expect(resource["service.version"] == "0.1.0")
    }

    @Test(
        "A wrong value is an error that names the variable, and hides what may be a secret",
        arguments: [
            (["APPLICATIONINSIGHTS_CONNECTION_STRING": "secret"], "APPLICATIONINSIGHTS_CONNECTION_STRING", true),
            (
                ["APPLICATIONINSIGHTS_CONNECTION_STRING": "InstrumentationKey=secret"],
                "APPLICATIONINSIGHTS_CONNECTION_STRING", true
            ),
            (
                [
                    "APPLICATIONINSIGHTS_CONNECTION_STRING":
                        "InstrumentationKey=\(Events.key);IngestionEndpoint=http://secret/"
                ],
                "APPLICATIONINSIGHTS_CONNECTION_STRING", true
            ),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"], "OTEL_EXPORTER_OTLP_ENDPOINT", true),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://user:secret@host"], "OTEL_EXPORTER_OTLP_ENDPOINT", true),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"],
                "OTEL_EXPORTER_OTLP_PROTOCOL", false
            ),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_HEADERS": "secret"],
                "OTEL_EXPORTER_OTLP_HEADERS", true
            ),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_HEADERS": "a=%0Asecret"],
                "OTEL_EXPORTER_OTLP_HEADERS", true
            ),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_TIMEOUT": "10s"],
                "OTEL_EXPORTER_OTLP_TIMEOUT", false
            ),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_COMPRESSION": "zstd"],
                "OTEL_EXPORTER_OTLP_COMPRESSION", false
            ),
            (["OTEL_TRACES_EXPORTER": "jaeger"], "OTEL_TRACES_EXPORTER", false),
            (["OTEL_TRACES_SAMPLER": "sometimes"], "OTEL_TRACES_SAMPLER", false),
            (
                ["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "2"], "OTEL_TRACES_SAMPLER_ARG",
                false
            ),
            (["OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "3000"], "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", false),
            (["OTEL_RESOURCE_ATTRIBUTES": "a"], "OTEL_RESOURCE_ATTRIBUTES", true),
            (["OTEL_SDK_DISABLED": "maybe"], "OTEL_SDK_DISABLED", false),
            (["TELEMETRY_TEXT": "yes"], "TELEMETRY_TEXT", false),
            (["TELEMETRY_FLUSH": "now"], "TELEMETRY_FLUSH", false),
        ] as [([String: String], String, Bool)])
    func errors(variables: [String: String], name: String, isHidden: Bool) throws {
        let error = try #require(
            #expect(throws: TelemetrySettingsError.self) { try TelemetrySettings { variables[$0] } })
        #expect(error.name == name && (error.found == "(hidden)") == isHidden, "\(error)")
        #expect(!"\(error)".contains("secret") && !error.expected.isEmpty)
    }
}
