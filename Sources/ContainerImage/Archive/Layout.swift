import Foundation
import NIOCore

/// A folder of blobs that images are written to and read from.
///
/// - Source: OCI image-spec 1.1.1, image-layout.md.
public struct Layout: Sendable {
    /// The path of the folder.
    public let path: String

    /// Names a folder, which need not exist before an image is written to it.
    public init(path: String) { self.path = path }

    /// The content of the file `oci-layout`.
    static let marker = ByteBuffer(string: #"{"imageLayoutVersion":"1.0.0"}"#)

    /// The path of a blob in the folder.
    static func blobPath(_ digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

    /// The path of the bill of materials of an image.
    ///
    /// Other readers of layouts ignore files that they do not know.
    static func sbomPath(_ digest: Digest) -> String { "\(digest.hex).spdx.json" }

    /// The entry of an image in `index.json`.
    static func entry(_ image: ImageOrIndex, name: String?) -> Descriptor {
        var descriptor = image.descriptor
        descriptor.annotations = name.map { [Descriptor.referenceName: $0] }
        return descriptor
    }

    /// The entry with the name or the digest `name`, or the only one if `name` is nil; `path` is for errors.
    static func choose(_ name: String?, among index: Index, in path: String) throws(ContainerImageError) -> Descriptor {
        func names(_ entry: Descriptor) -> [String] {
            [entry.annotations?[Descriptor.referenceName], "\(entry.digest)"].compactMap { $0 }
        }
        let entries = index.manifests
        let matching = entries.filter { entry in name.map { names(entry).contains($0) } ?? true }
        guard let found = matching.first, name != nil || matching.count == 1 else {
            // The digest of the only image would be no help, because the path alone names it.
            let isOnlyOne = entries.count == 1 && names(entries[0]).count == 1
            throw ImageNames(path: path, names: entries.map { isOnlyOne ? nil : names($0)[0] }).error(name)
        }
        return found
    }

    // MARK: - Writing

    /// Adds an image to the folder, in place of another image with the same name.
    ///
    /// The index of the folder is written last, so the name always stands for a complete image.
    ///
    /// - Parameters:
    ///   - image: The image or the index.
    ///   - name: The name of the image in the folder: a tag or a whole reference.
    /// - Throws: `FileError` if a file cannot be written, or `ContainerImageError` if the folder cannot be created or a
    ///   layer cannot be read.
    public func write(_ image: ImageOrIndex, name: String?) async throws {
        do {
            try FileManager.default.createDirectory(atPath: "\(path)/blobs/sha256", withIntermediateDirectories: true)
        } catch {
            throw ContainerImageError.file(path: path, action: "create folders in", reason: systemError())
        }
        for (descriptor, content) in try image.blobs() {
            try await content.write(to: "\(path)/\(Self.blobPath(descriptor.digest))")
        }
        for image in image.images {
            guard let sbom = image.sbom else { continue }
            try await Content(sbom).write(to: "\(path)/\(Self.sbomPath(image.descriptor.digest))")
        }
        try await Content(Self.marker).write(to: "\(path)/oci-layout")
        var index = Index(manifests: [])
        if FileManager.default.fileExists(atPath: "\(path)/index.json") { index = try await self.index() }
        index.manifests.removeAll { entry in
            let found = entry.annotations?[Descriptor.referenceName]
            return name != nil && found == name || found == nil && entry.digest == image.descriptor.digest
        }
        index.manifests.append(Self.entry(image, name: name))
        try await Content(try Document.encode(index)).write(to: "\(path)/index.json")
    }

    // MARK: - Reading

    /// Reads an image from the folder.
    ///
    /// Layers are read later, when they are needed.
    ///
    /// - Parameter name: The name of the image in the folder, or nil if the folder has only one.
    /// - Returns: The image or the index.
    /// - Throws: `ContainerImageError` if there is no such image, or a document cannot be read or does not match its
    ///   digest.
    public func read(name: String? = nil) async throws -> ImageOrIndex {
        try await load(try Self.choose(name, among: try await index(), in: path)).withSBOMs { digest in
            try? Content(file: "\(path)/\(Self.sbomPath(digest))")
        }
    }

    private func index() async throws -> Index {
        let bytes = try await Content(file: "\(path)/index.json")
            .collect(upTo: Document.largestSize, named: "\(path)/index.json")
        return try Document.decode(Index.self, from: bytes, named: "\(path)/index.json")
    }
}

extension Layout: BlobSource {
    var name: String { path }

    func document(_ descriptor: Descriptor) async throws -> ByteBuffer {
        try await content(descriptor).verified(descriptor).collect(upTo: Document.largestSize, named: path)
    }

    func isThere(_ descriptor: Descriptor) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(Self.blobPath(descriptor.digest))")
    }

    func content(_ descriptor: Descriptor) throws -> Content {
        try Content(file: "\(path)/\(Self.blobPath(descriptor.digest))")
    }
}
