import Feedback
import Files
import Foundation
import NIOCore
import Tracking

/// Reports in the folder of a store of objects, into which functions write through a mounted volume.
struct ReportBucket {
    private let store: any ArtifactStore
    private let address: String

    /// The number of files that are fetched at the same time.
    private static let parallel = 8
    /// The largest file, in bytes.
    ///
    /// A function writes at most 8 MiB.
    private static let largestFile = 64 << 20

    /// Names a folder of a store, such as `gs://BUCKET/FOLDER`.
    ///
    /// - Throws: `TrackingError` if the address is not valid, or if there is no account.
    init(_ address: String, _ environment: [String: String]) throws {
        guard let store = try ArtifactStores.store(at: address, environment) else {
            throw TrackingError.invalid(
                what: address, reason: "it is not the address of a store",
                advice: "Write one of \(ArtifactStores.forms).")
        }
        (self.store, self.address) = (store, address)
    }

    /// Fetches all reports.
    ///
    /// An instance may delete a file while the files are fetched, after it has written the same reports to another one.
    /// Then the folder is listed again.
    func archive() async throws -> FeedbackArchive {
        for _ in 0..<5 {
            if let archive = try await attempt() { return archive }
        }
        throw TrackingError.store(
            request: "GET \(address)", status: 404, reason: "files disappear while they are fetched",
            advice: "Try again when the functions are less busy.")
    }

    private func attempt() async throws -> FeedbackArchive? {
        let names = try await store.list("").filter { $0.hasPrefix("feedback-") && $0.hasSuffix(".log") }
        // The files have the texts of users, so only the owner may read them, and they are deleted in any case.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        var progress = Progress(unit: "files", total: names.count)
        defer { progress.finish() }
        do {
            try await withThrowingTaskGroup { group in
                var rest = names[...]
                for name in rest.prefix(Self.parallel) { group.addTask { try await fetch(name, to: folder) } }
                rest = rest.dropFirst(Self.parallel)
                while try await group.next() != nil {
                    progress.advance(by: 1)
                    if let name = rest.popFirst() { group.addTask { try await fetch(name, to: folder) } }
                }
            }
        } catch let error as TrackingError where error.isMissing {
            return nil
        }
        return try FeedbackArchive(reading: FolderVolume(path: folder.path))
    }

    private func fetch(_ name: String, to folder: URL) async throws {
        // A name of a store may lead out of the folder.
        guard !name.contains("/") else { return }
        var bytes: [UInt8] = []
        try await store.get(name) { part in
            bytes += part.readableBytesView
            guard bytes.count <= Self.largestFile else {
                throw TrackingError.invalid(
                    what: "\(address)/\(name)", reason: "it has more than \(Self.largestFile) bytes",
                    advice: "Name the folder into which functions write.")
            }
        }
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }
}
