import Fixtures
import Foundation

@testable import Tracking

/// A server of MLflow on a free port of 127.0.0.1, with a database and artifacts in a folder.
final class RealServer: @unchecked Sendable {
    let port: Int
    private let folder: URL
    private var process = Process()
    /// Where the server keeps its runs: a database, or files.
    private let store: String

    init(in folder: URL, store: String? = nil) throws {
        self.folder = folder
        self.store = store ?? "sqlite:///\(folder.path)/mlflow.db"
        port = try RealRegistry.freePort()
        try start()
    }

    /// Starts the server if it does not run, and waits until it answers.
    func start() throws {
        if process.isRunning { return }
        process = Process()
        process.executableURL = Workplace.repository.appendingPathComponent(".build-tools/bin/python3")
        process.arguments = [
            "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "\(port)", "--backend-store-uri", store,
            "--artifacts-destination", folder.appendingPathComponent("artifacts").path, "--workers", "1",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(["MLFLOW_ALLOW_FILE_STORE": "true"]) { $1 }
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<300 {
            if (try? Client.request(port: port, "GET", "/health").status) == 200 { return }
            usleep(100_000)
        }
    }

    /// Ends the server at once.
    func kill() {
        // The server has started workers of its own.
        for child in children(of: process.processIdentifier) { Foundation.kill(child, SIGKILL) }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func children(of parent: Int32) -> [Int32] {
        let path = "/proc/\(parent)/task/\(parent)/children"
        let ids =
            (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: " ").compactMap { Int32($0) } ?? []
        return ids.flatMap { children(of: $0) + [$0] }
    }

    /// The server as the environment would name it.
    func mlflow(patience: Patience = Patience()) throws -> MLflowServer {
        guard
            let server = try MLflowServer.named(
                by: ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(port)"], patience: patience)
        else { throw TrackingError.invalid(what: "the test", reason: "there is no server", advice: "") }
        return server
    }
}
