public import Foundation

/// A server of MLflow on a free port of 127.0.0.1, with a database and artifacts in a folder.
public final class MLflowProcess: @unchecked Sendable {
    /// The port of the server.
    public let port: Int
    private let folder: URL
    private var process = Process()
    /// Where the server keeps its runs: a database, or files.
    private let store: String

    private static let common = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = try MLflowProcess(in: folder)
        atexit { MLflowProcess.endCommon() }
        return process
    }

    private static func endCommon() {
        guard let process = try? common.get() else { return }
        process.kill()
        try? FileManager.default.removeItem(at: process.folder)
    }

    /// The server of all tests that give their experiments and models names of their own, and do not stop it.
    ///
    /// It starts when the first test asks for it, and ends with this process.
    ///
    /// - Returns: the server.
    /// - Throws: an error of Foundation if it cannot be started.
    public static func shared() throws -> MLflowProcess { try common.get() }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - folder: an existing folder for its database and artifacts.
    ///   - store: where it keeps its runs: the address of a database, or a folder; nil for a database in `folder`.
    /// - Throws: `Client.Failure` if there is no free port, or an error of Foundation if it cannot be started.
    public init(in folder: URL, store: String? = nil) throws {
        self.folder = folder
        self.store = store ?? "sqlite:///\(folder.path)/mlflow.db"
        port = try RealRegistry.freePort()
        try start()
    }

    /// Starts the server if it does not run, and waits until it answers.
    ///
    /// - Throws: an error of Foundation if it cannot be started.
    public func start() throws {
        if process.isRunning { return }
        process = Process()
        process.executableURL = Workplace.repository.appendingPathComponent(".build-tools/bin/python3")
        process.arguments = [
            "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "\(port)", "--backend-store-uri", store,
            "--artifacts-destination", folder.appendingPathComponent("artifacts").path, "--workers", "1",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true",
            // Without this, it starts seven more programs, which do nothing here.
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        ]) { $1 }
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<1200 {
            if (try? Client.request(port: port, "GET", "/health").status) == 200 { return }
            usleep(100_000)
        }
    }

    /// Ends the server at once.
    public func kill() {
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
}
