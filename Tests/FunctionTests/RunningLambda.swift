import Fixtures
import Foundation
import Inference
import JSON
import ModelFile
import NIOConcurrencyHelpers
import Telemetry
import Testing

@testable import function

/// A complete function with the tiny model that takes its invocations from a runtime API.
final class RunningLambda: Sendable {
    let api: FakeRuntimeAPI
    let service: Service
    let runtime: LambdaRuntime
    private let lines = NIOLockedValueBox<[String]>([])
    private let end = NIOLockedValueBox<RuntimeAPIError?>(nil)

    var log: [String] { lines.withLockedValue { $0 } }

    /// The reason why the function takes no more invocations.
    var ended: RuntimeAPIError? { end.withLockedValue { $0 } }

    init(_ api: FakeRuntimeAPI, telemetry: [String: String] = [:]) throws {
        self.api = api
        let file = try RunningFunction.tinyModel()
        var settings = Settings(
            port: 0, modelPath: file.path, workers: 1, threads: 1, queueLimit: 4, logsText: false, logLevel: .debug)
        settings.telemetry = try TelemetrySettings { telemetry[$0] }
        let log = Log { [lines] line in lines.withLockedValue { $0.append(line) } }
        service = try Service(try Classifier(file), settings: settings, log: log)
        runtime = LambdaRuntime(service, try #require(RuntimeAddress(api.address)), log: log, flushLog: {})
    }

    func start() { runtime.start { [end] error in end.withLockedValue { $0 = error } } }

    /// Waits at most 20 seconds until the function takes no more invocations.
    func waitForEnd() -> RuntimeAPIError? {
        for _ in 0..<4000 where ended == nil { usleep(5000) }
        return ended
    }

    static func with<R>(telemetry: [String: String] = [:], _ body: (RunningLambda) throws -> R) throws -> R {
        let api = try FakeRuntimeAPI()
        defer { api.stop() }
        let lambda = try RunningLambda(api, telemetry: telemetry)
        lambda.start()
        defer { #expect(lambda.runtime.drain(), "an invocation is still in progress") }
        return try body(lambda)
    }
}
