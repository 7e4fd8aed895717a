import Foundation
import NIOCore

/// A folder of blobs: source and sink of images.
///
/// - Source: OCI image-spec 1.1.1, image-layout.md.
public struct Layout: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    static let marker = ByteBuffer(string: #"{"imageLayoutVersion":"1.0.0"}"#)

    static func blobPath(_ digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

    /// Where a bill of materials lies, beside the blobs: readers of layouts leave unknown files alone.
    static func sbomPath(_ digest: Digest) -> String { "\(digest.hex).spdx.json" }

    /// Adds `image`, in place of another that had the same name; the name changes hands last.
    ///
    /// - Parameter name: a tag, or a whole reference.
    public func write(_ image: ImageOrIndex, name: String?) async throws {
        do {
            try FileManager.default.createDirectory(atPath: "\(path)/blobs/sha256", withIntermediateDirectories: true)
        } catch {
            throw ContainerImageError.file(path: path, action: "make a folder of", reason: systemError())
        }
        for (descriptor, content) in try image.blobs() {
            try await OutputFile.write(content, to: "\(path)/\(Self.blobPath(descriptor.digest))")
        }
        for image in image.images {
            guard let sbom = image.sbom else { continue }
            try await OutputFile.write(Content(sbom), to: "\(path)/\(Self.sbomPath(image.descriptor.digest))")
        }
        try await OutputFile.write(Content(Self.marker), to: "\(path)/oci-layout")
        var others = Index(manifests: [])
        if FileManager.default.fileExists(atPath: "\(path)/index.json") { others = try await index() }
        others.manifests.removeAll { entry in
            let found = entry.annotations?[Descriptor.referenceName]
            return name != nil && found == name || found == nil && entry.digest == image.descriptor.digest
        }
        others.manifests.append(Self.entry(image, name: name))
        try await OutputFile.write(Content(try Document.encode(others)), to: "\(path)/index.json")
    }

    static func entry(_ image: ImageOrIndex, name: String?) -> Descriptor {
        var descriptor = image.descriptor
        descriptor.annotations = name.map { [Descriptor.referenceName: $0] }
        return descriptor
    }

    /// The image called `name`, or the only one.
    public func read(name: String? = nil) async throws -> ImageOrIndex {
        try await load(try Self.choose(name, among: try await index(), in: path)).withSBOMs { digest in
            try? Content(file: "\(path)/\(Self.sbomPath(digest))")
        }
    }

    private func index() async throws -> Index {
        let bytes = try await Content(file: "\(path)/index.json")
            .collect(upTo: Registry.largestDocument, named: "\(path)/index.json")
        return try Document.decode(Index.self, from: bytes, named: "\(path)/index.json")
    }

    static func choose(_ name: String?, among index: Index, in path: String) throws(ContainerImageError) -> Descriptor {
        let names = index.manifests.compactMap { $0.annotations?[Descriptor.referenceName] }
        if let name, let found = index.manifests.first(where: { $0.annotations?[Descriptor.referenceName] == name }) {
            return found
        }
        guard name == nil, index.manifests.count == 1 else {
            throw .invalid(
                what: path,
                reason: name.map { "no image in it is called '\($0)'" }
                    ?? "it holds \(index.manifests.count) images",
                advice: names.isEmpty
                    ? "Build the image again."
                    : "Append one of these names with a colon: \(names.joined(separator: ", ")).")
        }
        return index.manifests[0]
    }
}

extension Layout: BlobSource {
    var name: String { path }

    func document(_ descriptor: Descriptor) async throws -> ByteBuffer {
        try await content(descriptor).verified(descriptor).collect(upTo: Registry.largestDocument, named: path)
    }

    func isThere(_ descriptor: Descriptor) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(Self.blobPath(descriptor.digest))")
    }

    func content(_ descriptor: Descriptor) throws -> Content {
        try Content(file: "\(path)/\(Self.blobPath(descriptor.digest))")
    }
}

extension ImageOrIndex {
    /// With the bill of materials of each image that `find` finds.
    func withSBOMs(_ find: (Digest) -> Content?) async throws -> ImageOrIndex {
        func attached(_ image: Image) async throws -> Image {
            guard let content = find(image.descriptor.digest) else { return image }
            return image.attaching(
                sbom: try await content.collect(upTo: Registry.largestDocument, named: "bill of materials"))
        }
        switch self {
        case .image(let image): return .image(try await attached(image))
        case .index(let index):
            var images: [Image] = []
            for image in index.images { images.append(try await attached(image)) }
            return .index(ImageIndex(images, bytes: index.bytes, mediaType: index.mediaType, isWhole: index.isWhole))
        }
    }
}
