public import WebClient

/// Where Application Insights takes telemetry, and the key that names the resource.
///
/// - Source: Microsoft, "Connection strings in Application Insights".
public struct ConnectionString: Equatable, Sendable {
    /// A UUID in lower case.
    let key: String
    /// The address of the server.
    public let address: WebAddress

    static let variable = "APPLICATIONINSIGHTS_CONNECTION_STRING"

    /// Reads `InstrumentationKey=UUID;IngestionEndpoint=ADDRESS`.
    init(_ text: String) throws(TelemetrySettingsError) {
        var (key, endpoint, suffix, location) = ("", nil as String?, nil as String?, "")
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else {
                throw Self.error("NAME=VALUE with semicolons between them, as the Azure portal shows it")
            }
            let value = String(pair[1])
            switch pair[0].lowercased() {
            case "instrumentationkey": key = value.lowercased()
            case "ingestionendpoint": endpoint = value
            case "endpointsuffix": suffix = value
            case "location": location = value + "."
            case "authorization":
                guard value.lowercased() == "ikey" else { throw Self.error("no Authorization but ikey") }
            default: break
            }
        }
        guard Self.isUUID(key) else {
            throw Self.error("a text with InstrumentationKey=UUID, as the Azure portal shows it")
        }
        let standard = suffix.map { "https://\(location)dc.\($0)" } ?? "https://dc.services.visualstudio.com"
        guard let address = WebAddress(endpoint ?? standard), address.usesTLS || address.isLoopback else {
            throw Self.error("an IngestionEndpoint that begins with https://")
        }
        (self.key, self.address) = (key, address.appending("/v2.1/track"))
    }

    private static func error(_ expected: String) -> TelemetrySettingsError {
        TelemetrySettingsError(variable, expected: expected)
    }

    private static func isUUID(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy { index, byte in
                switch index {
                case 8, 13, 18, 23: byte == UInt8(ascii: "-")
                default: (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
                }
            }
    }
}
