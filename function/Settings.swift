import Glibc
import Inference

/// The environment variables of the process, or a test's.
struct Environment {
    private let value: (String) -> String?

    init() {
        value = { name in getenv(name).map { String(cString: $0) } }
    }

    init(_ variables: [String: String]) {
        value = { variables[$0] }
    }

    /// An empty variable counts as none.
    subscript(name: String) -> String? {
        value(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// What the platform and the user ask of this process.
struct Settings: Sendable, Equatable {
    var port: Int
    var modelPath: String
    /// Requests that are computed at the same time.
    var workers: Int
    /// Threads that work on a request while no other is there.
    var threads: Int
    /// Requests that may wait for a worker; one more is refused with 429.
    var queueLimit: Int
    /// Whether texts may stand in the log.
    var logsText: Bool
    /// Lines below this are not written.
    var logLevel: Severity
    /// Before a trace id in the log, as Google Cloud wants it.
    var project: String?

    /// The names under which platforms tell the port, the first that is set wins.
    static let portNames = [
        "PORT", "WEBSITES_PORT", "FUNCTIONS_CUSTOMHANDLER_PORT", "CONTAINER_APP_PORT", "AWS_LWA_PORT",
    ]
    static let mountedModel = "/model/model.gguf"
}

extension Settings {
    init(environment: Environment, quota: @autoclosure () -> CPUQuota = .current) throws(SettingsError) {
        port = 8080
        for name in Self.portNames where environment[name] != nil {
            port = try Self.integer(environment, name, 0...65535) ?? port
            break
        }
        modelPath = environment["MODEL_PATH"] ?? Self.defaultModel
        let quota = quota()
        workers = try Self.integer(environment, "CONCURRENCY", 1...1024) ?? quota.cores
        threads = try Self.integer(environment, "THREADS", 1...64) ?? quota.wholeCores
        queueLimit = try Self.integer(environment, "QUEUE_LIMIT", 0...1_000_000) ?? 256
        logsText = environment["LOG_TEXT"] == "1"
        project = environment["GOOGLE_CLOUD_PROJECT"]
        let level = environment["LOG_LEVEL"] ?? "info"
        guard let severity = Severity(rawValue: level.uppercased()) else {
            throw SettingsError(
                name: "LOG_LEVEL", found: level,
                expected: Severity.allCases.map { $0.rawValue.lowercased() }.joined(separator: ", "))
        }
        logLevel = severity
    }

    /// The mounted model if there is one, else the one that lies beside the executable.
    private static var defaultModel: String {
        if access(mountedModel, R_OK) == 0 { return mountedModel }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return mountedModel }
        let executable = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = executable.lastIndex(of: "/").map { executable[..<$0] } ?? ""
        let embedded = "\(folder)/model.gguf"
        return access(embedded, R_OK) == 0 ? embedded : mountedModel
    }

    private static func integer(_ environment: Environment, _ name: String, _ range: ClosedRange<Int>)
        throws(SettingsError) -> Int?
    {
        guard let text = environment[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw SettingsError(
                name: name, found: text, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

/// An environment variable says what cannot be.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    let name: String
    let found: String
    let expected: String

    var description: String { "\(name) is '\(found)', expected \(expected). Set it to one of these, or unset it." }
}
