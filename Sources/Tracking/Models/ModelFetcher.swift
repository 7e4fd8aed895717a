import Crypto
import Files
import Foundation
import NIOCore
import Yams

/// Fetches model files from a server, and keeps them.
///
/// A file whose digest the server states is fetched once, and its digest is checked each time.
public struct ModelFetcher: Sendable {
    /// The largest description of a model, in bytes.
    private static let largestDescription = 1 << 20

    private let server: MLflowServer
    private let cache: String

    /// Prepares to fetch models.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - cache: The folder that keeps the files.
    public init(_ server: MLflowServer, cache: String) {
        self.server = server
        self.cache = cache
    }

    /// Fetches the file of a model.
    ///
    /// - Parameter reference: The model.
    /// - Returns: The path of the file, whose content does not change any more.
    /// - Throws: `TrackingError` if the model does not exist, cannot be fetched, or is not what was stored.
    public func fetch(_ reference: ModelReference) async throws -> String {
        let (address, path) = try await place(of: reference)
        let files = try server.artifacts(at: address)
        if path.hasSuffix(".gguf") { return try await fetch(path, of: files, digest: nil) }
        let names = try await files.list(path)
        let prefix = path.isEmpty ? "" : "\(path)/"
        if names.contains("\(prefix)MLmodel") {
            let (file, digest) = try await description("\(prefix)MLmodel", of: files)
            if let file { return try await fetch(prefix + file, of: files, digest: digest) }
        }
        let models = names.filter { $0.hasSuffix(".gguf") }
        guard models.count == 1 else {
            throw TrackingError.invalid(
                what: "the model '\(path.isEmpty ? address : path)'",
                reason: "it has \(models.count) files that end in .gguf, expected 1",
                advice: "Name the file itself, as runs:/ID/PATH/model.gguf.")
        }
        return try await fetch(models[0], of: files, digest: nil)
    }

    /// The address of the artifacts that a reference means, and the path among them.
    private func place(of reference: ModelReference) async throws -> (address: String, path: String) {
        if case .run(let id, let path) = reference { return (try await server.run(id).artifacts, path) }
        guard let version = try await server.version(for: reference) else { return ("", "") }
        let source = try await server.source(of: version)
        guard source.hasSuffix(".gguf"), let slash = source.lastIndex(of: "/") else { return (source, "") }
        return (String(source[..<slash]), String(source[source.index(after: slash)...]))
    }

    /// The name of the model file and its digest, which the flavour of Pinson states.
    private func description(_ path: String, of files: any ArtifactStore) async throws -> (
        file: String?, digest: String?
    ) {
        var text = Data()
        try await files.get(path) { bytes in
            text += Data(bytes.readableBytesView)
            guard text.count <= Self.largestDescription else {
                throw TrackingError.invalid(
                    what: path, reason: "it has more than \(Self.largestDescription) bytes",
                    advice: "Check that it is the description of a model.")
            }
        }
        let node = try? Yams.compose(yaml: String(decoding: text, as: UTF8.self))
        let flavour = node?["flavors"]?[ModelPackage.flavour]
        let file = try flavour?["data"]?.string.map { try artifactPath($0) }
        return (file, flavour?["sha256"]?.string)
    }

    /// Fetches a file into the cache, under the name of its digest.
    private func fetch(_ path: String, of files: any ArtifactStore, digest: String?) async throws -> String {
        try FolderFile.create(cache)
        if let digest, digest.count == 64, digest.allSatisfy(\.isHexDigit) {
            let kept = "\(cache)/\(digest).gguf"
            if let found = try? await fileDigest(kept), found == digest { return kept }
        }
        let partial = "\(cache)/\(UUID().uuidString).partial"
        defer { unlink(partial) }
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw TrackingError.file(path: partial, action: "create", reason: String(cString: strerror(errno)))
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var hasher = SHA256()
        try await files.get(path) { bytes in
            bytes.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
            do { try file.write(contentsOf: Data(bytes.readableBytesView)) } catch {
                throw TrackingError.file(path: partial, action: "write", reason: "the disk may be full")
            }
        }
        let found = hexadecimal(hasher.finalize())
        guard digest == nil || digest == found else {
            throw TrackingError.mismatch(
                what: "the model file '\(path)'", found: "the digest \(found)", expected: digest ?? "")
        }
        try file.synchronize()
        let kept = "\(cache)/\(found).gguf"
        guard rename(partial, kept) == 0 else {
            throw TrackingError.file(path: kept, action: "create", reason: String(cString: strerror(errno)))
        }
        return kept
    }
}
