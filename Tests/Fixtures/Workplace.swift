public import Foundation

/// The folders and files that tests use.
public enum Workplace {
    /// The root folder of the repository.
    public static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of real checkpoints, tweets and goldens, which are not part of the repository.
    public static let shared = repository.deletingLastPathComponent().appendingPathComponent("shared")

    /// Whether the folder `shared` exists; tests that need it are skipped if it does not.
    public static let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("models").path)

    /// Returns the path of one of the static release binaries that `make build` creates.
    public static func binary(_ name: String) -> URL {
        repository.appendingPathComponent("dist").appendingPathComponent(name)
    }

    /// Whether `make build` has created the binaries `pinson` and `function`.
    public static let hasBinaries =
        FileManager.default.fileExists(atPath: binary("pinson").path)
        && FileManager.default.fileExists(atPath: binary("function").path)

    /// Creates a temporary folder, calls `body` with it, and deletes it.
    ///
    /// - Parameter body: receives the folder.
    /// - Returns: the result of `body`.
    /// - Throws: the error of `body`, or an error of Foundation if the folder cannot be created.
    public static func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// Creates a temporary folder, calls an asynchronous `body` with it, and deletes it.
    ///
    /// - Parameters:
    ///   - isolation: the actor of the caller, on which `body` runs.
    ///   - body: receives the folder.
    /// - Returns: the result of `body`.
    /// - Throws: the error of `body`, or an error of Foundation if the folder cannot be created.
    public static func withFolder<R>(
        isolation: isolated (any Actor)? = #isolation, _ body: (URL) async throws -> R
    ) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
