import Alerts
import Glibc
import Inference
import NIOCore
import Telemetry

/// The settings that the platform and the user give in environment variables.
struct Settings: Sendable, Equatable {
    /// The IP address to listen on.
    var host = "0.0.0.0"
    var port: Int
    var modelPath: String
    /// The number of requests that are computed at the same time.
    var workers: Int
    /// The number of threads that work on a request while it is the only one.
    var threads: Int
    /// The number of requests that may wait for a worker.
    ///
    /// One more is refused with 429.
    var queueLimit: Int
    /// The number of tokens that may wait, as estimated from the length of the texts.
    var queueTokens = 32_768
    /// How many connections there may be, and how long they may take.
    var connections = ConnectionLimits()
    /// Whether texts may appear in the log.
    var logsText: Bool
    /// The lowest severity of the lines that are written.
    var logLevel: Severity
    /// The Google Cloud project, which completes trace ids in the log.
    var project: String?
    /// Whether the model file is read and compared with its digests before it is served.
    var verifiesModel = false
    var instructionSet = InstructionSet.best
    /// How reports about predictions are kept.
    var feedback = FeedbackSettings()
    /// When alerts are raised, and where they are sent.
    var alerts = AlertSettings()
    /// The model that is compared with the one that answers, or nil.
    var shadowPath: String?
    /// The share of the texts that are compared.
    var shadowShare = 1.0
    /// Where telemetry is sent.
    var telemetry = TelemetrySettings()
    /// Who may send which requests, and how many.
    var access = AccessSettings()

    /// The variables in which platforms give the port.
    ///
    /// The first one that is set is used.
    static let portNames = [
        "PORT", "WEBSITES_PORT", "FUNCTIONS_CUSTOMHANDLER_PORT", "CONTAINER_APP_PORT", "AWS_LWA_PORT",
    ]
    static let mountedModel = "/model/model.gguf"

    /// The address of the runtime API of AWS Lambda, or nil if the function serves HTTP.
    ///
    /// With `AWS_LWA_PORT` it serves HTTP on Lambda too: the Lambda Web Adapter then asks for the invocations.
    ///
    /// - Parameter environment: The environment variables.
    /// - Returns: The address, or nil.
    /// - Throws: `SettingsError` if the address is not valid.
    static func runtimeAPI(_ environment: Environment) throws(SettingsError) -> RuntimeAddress? {
        let name = "AWS_LAMBDA_RUNTIME_API"
        guard let text = environment[name], environment["AWS_LWA_PORT"] == nil else { return nil }
        guard let address = RuntimeAddress(text) else {
            throw SettingsError(name: name, found: text, expected: "a host and a port such as 127.0.0.1:9001")
        }
        return address
    }
}

extension Settings {
    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - environment: The environment variables.
    ///   - quota: The processor time of the container, which decides the defaults.
    /// - Throws: `SettingsError` for the first variable whose value is not valid.
    init(environment: Environment, quota: @autoclosure () -> CPUQuota = .current) throws(SettingsError) {
        port = 8080
        for name in Self.portNames where environment[name] != nil {
            port = try environment.integer(name, 0...65535) ?? port
            break
        }
        if let address = environment["HOST"] {
            guard (try? SocketAddress(ipAddress: address, port: 0)) != nil else {
                throw SettingsError(
                    name: "HOST", found: address, expected: "an IP address such as 0.0.0.0, 127.0.0.1 or ::")
            }
            host = address
        }
        modelPath = environment["MODEL_PATH"] ?? Self.defaultModel
        let quota = quota()
        workers = try environment.integer("CONCURRENCY", 1...1024) ?? quota.cores
        threads = try environment.integer("THREADS", 1...64) ?? quota.wholeCores
        queueLimit = try environment.integer("QUEUE_LIMIT", 0...1_000_000) ?? 256
        queueTokens = try environment.integer("QUEUE_TOKENS", 1...1_000_000_000) ?? queueTokens
        connections.connections =
            try environment.integer("CONNECTION_LIMIT", 1...1_000_000) ?? connections.connections
        connections.connectionsPerAddress =
            try environment.integer("CONNECTION_LIMIT_PER_ADDRESS", 0...1_000_000) ?? 0
        if let seconds = try environment.integer("REQUEST_TIMEOUT", 1...3600) {
            connections.request = .seconds(Int64(seconds))
            connections.head = min(connections.head, connections.request)
        }
        logsText = try environment.boolean("LOG_TEXT") ?? false
        verifiesModel = try environment.boolean("VERIFY_MODEL") ?? false
        project = environment["GOOGLE_CLOUD_PROJECT"]
        logLevel = .info
        if let level = environment["LOG_LEVEL"] {
            guard let severity = Severity(rawValue: level.uppercased()) else {
                throw SettingsError(
                    name: "LOG_LEVEL", found: level, allowed: Severity.allCases.map { $0.rawValue.lowercased() })
            }
            logLevel = severity
        }
        feedback = try FeedbackSettings(environment: environment)
        do { alerts = try AlertSettings(reading: { environment[$0] }) } catch {
            throw SettingsError(name: error.name, found: error.found, expected: error.expected)
        }
        shadowPath = environment["SHADOW_MODEL_PATH"]
        if let text = environment["SHADOW_SHARE"] {
            guard let share = Double(text), (0...1).contains(share) else {
                throw SettingsError(name: "SHADOW_SHARE", found: text, expected: "a share from 0 to 1, such as 0.1")
            }
            shadowShare = share
        }
        do { telemetry = try TelemetrySettings(reading: { environment[$0] }) } catch {
            throw SettingsError(name: error.name, found: error.found, expected: error.expected)
        }
        access = try AccessSettings(environment: environment)
        if let name = environment["PINSON_ISA"] {
            guard let set = InstructionSet(rawValue: name), set.isSupported else {
                throw SettingsError(
                    name: "PINSON_ISA", found: name,
                    expected: "an instruction set that this processor has: "
                        + InstructionSet.supported.map(\.rawValue).joined(separator: ", "))
            }
            instructionSet = set
        }
    }

    /// The mounted model if there is one, or the model next to the executable.
    private static var defaultModel: String {
        if Glibc.access(mountedModel, R_OK) == 0 { return mountedModel }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return mountedModel }
        let executable = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = executable.lastIndex(of: "/").map { executable[..<$0] } ?? ""
        let embedded = "\(folder)/model.gguf"
        return Glibc.access(embedded, R_OK) == 0 ? embedded : mountedModel
    }
}

/// An environment variable has an invalid value.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    let name: String
    let found: String
    let expected: String

    init(name: String, found: String, expected: String) {
        (self.name, self.found, self.expected) = (name, found, expected)
    }

    /// The value must be one of `allowed`.
    init(name: String, found: String, allowed: [String]) {
        self.init(name: name, found: found, expected: "one of \(allowed.joined(separator: ", "))")
    }

    var description: String {
        "The environment variable \(name) is '\(found)', expected \(expected). Change it, or remove it to use the default."
    }
}
