public import Foundation

/// Where tests find and leave things.
public enum Workplace {
    public static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Real checkpoints, tweets and goldens, which a stranger's clone does not have.
    public static let shared = repository.deletingLastPathComponent().appendingPathComponent("shared")

    /// Whether they are there; tests that need them are skipped otherwise, and say so.
    public static let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("models").path)

    /// The static release binaries that `make build` leaves.
    public static func binary(_ name: String) -> URL {
        repository.appendingPathComponent("dist").appendingPathComponent(name)
    }

    public static let hasBinaries =
        FileManager.default.fileExists(atPath: binary("pinson").path)
        && FileManager.default.fileExists(atPath: binary("function").path)

    /// Calls `body` with a new folder, which is gone afterwards.
    public static func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// The same for a body that waits.
    public static func withFolder<R>(
        isolation: isolated (any Actor)? = #isolation, _ body: (URL) async throws -> R
    ) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
