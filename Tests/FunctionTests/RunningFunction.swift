import Alerts
import Fixtures
import Foundation
import Inference
import ModelFile
import NIOCore
import Packaging
import Synchronization
import Telemetry
import Testing

@testable import function

/// A complete function with the tiny model, on a port of 127.0.0.1 that the system chooses.
final class RunningFunction: Sendable {
    let server: Server
    let service: Service
    private let lines = Mutex<[String]>([])

    var log: [String] { lines.withLock { $0 } }

    /// The tiny model, or what `edit` makes of the bytes of its file.
    static func tinyModel(
        seed: UInt64 = 1, _ edit: (ModelFile, inout Data) throws -> Void = { _, _ in }
    ) throws -> ModelFile {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"), seed: seed)
            let output = folder.appendingPathComponent("model.gguf")
            _ = try Packer.pack(checkpoint.folder.path, into: output.path, .init(maxTokens: 64))
            var bytes = try Data(contentsOf: output)
            try edit(ModelFile(path: output.path), &bytes)
            let edited = folder.appendingPathComponent("edited.gguf")
            try bytes.write(to: edited)
            return try ModelFile(path: edited.path)
        }
    }

    init(
        workers: Int = 2, queueLimit: Int = 256, queueTokens: Int = 32_768, logsText: Bool = false,
        limits: ConnectionLimits = ConnectionLimits(), model: ModelFile? = nil, feedback: FeedbackSettings = .init(),
        access: [String: String] = [:], telemetry: [String: String] = [:], alerts: AlertSettings = AlertSettings(),
        shadow: ModelFile? = nil
    ) throws {
        let file = try model ?? Self.tinyModel()
        var settings = Settings(
            port: 0, modelPath: file.path, workers: workers, threads: 2, queueLimit: queueLimit,
            queueTokens: queueTokens, connections: limits, logsText: logsText, logLevel: .debug)
        settings.feedback = feedback
        settings.alerts = alerts
        settings.telemetry = try TelemetrySettings { telemetry[$0] }
        settings.access = try AccessSettings(environment: Environment(access))
        let sink = Mutex<@Sendable (String) -> Void>({ _ in })
        let log = Log { line in sink.withLock { $0 }(line) }
        service = try Service(
            try Classifier(file), shadow: shadow.map { try Classifier($0) }, settings: settings, log: log)
        server = try Server(service, host: "127.0.0.1", port: 0)
        sink.withLock { sink in sink = { [weak self] line in self?.lines.withLock { $0.append(line) } } }
    }

    func request(_ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]) throws
        -> HTTPAnswer
    {
        try Client.request(port: server.port, method, path, body: body, headers: headers)
    }

    func predict(_ body: String) throws -> HTTPAnswer { try request("POST", "/predict", body: body) }

    static func with<R>(
        workers: Int = 2, queueLimit: Int = 256, queueTokens: Int = 32_768, logsText: Bool = false,
        limits: ConnectionLimits = ConnectionLimits(), _ body: (RunningFunction) throws -> R
    ) throws -> R {
        let function = try RunningFunction(
            workers: workers, queueLimit: queueLimit, queueTokens: queueTokens, logsText: logsText, limits: limits)
        defer { #expect(function.server.drain(), "a request is still in flight") }
        return try body(function)
    }
}
