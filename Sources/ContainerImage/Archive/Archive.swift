import Foundation
import NIOCore

/// One tar that is an OCI archive and that `docker load` and `podman load` read as well: source and sink of images.
///
/// It holds an image layout, and `manifest.json`, which names the same blobs for Docker.
public struct Archive: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// One image of `manifest.json`, as `docker save` writes it.
    ///
    /// - Source: moby, image/spec/spec.md, "Combined Image JSON + Filesystem Changeset Format".
    private struct DockerImage: Codable {
        var config: String
        var layers: [String]
        var repoTags: [String]?

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case layers = "Layers"
            case repoTags = "RepoTags"
        }
    }

    // MARK: - Sink

    /// The archive's bytes; their number is known before any is read.
    ///
    /// - Parameters:
    ///   - reference: what the image is called once it is loaded.
    ///   - modified: seconds since 1970, of every entry.
    public static func content(_ image: ImageOrIndex, reference: Reference?, modified: Int64) throws -> Content {
        var files = FileTree()
        for (descriptor, content) in try image.blobs() {
            try files.add("/\(Layout.blobPath(descriptor.digest))", content, mode: 0o644)
        }
        for image in image.images {
            guard let sbom = image.sbom else { continue }
            try files.add("/\(Layout.sbomPath(image.descriptor.digest))", Content(sbom), mode: 0o644)
        }
        let index = Index(manifests: [Layout.entry(image, name: reference?.description)])
        try files.add("/oci-layout", Content(Layout.marker), mode: 0o644)
        try files.add("/index.json", Content(try Document.encode(index)), mode: 0o644)
        // Docker loads one image, so it gets the one for this machine, or the first.
        if let one = (try? image.image(for: .current)) ?? image.images.first {
            let docker = DockerImage(
                config: Layout.blobPath(one.manifest.config.digest),
                layers: one.layers.map { Layout.blobPath($0.descriptor.digest) },
                repoTags: reference.map { ["\($0.familiarName):\($0.tag ?? "latest")"] } ?? [])
            try files.add("/manifest.json", Content(try Document.encode([docker])), mode: 0o644)
        }
        return files.tar(modified: modified)
    }

    public func write(_ image: ImageOrIndex, reference: Reference?, modified: Int64) async throws {
        try await OutputFile.write(Self.content(image, reference: reference, modified: modified), to: path)
    }

    // MARK: - Source

    /// The image called `name`, or the only one.
    public func read(name: String? = nil) async throws -> ImageOrIndex {
        let file = try OpenFile(path: path)
        let entries = try await Self.entries(of: file)
        func content(_ entry: String) throws -> Content {
            guard let range = entries[entry] else {
                throw ContainerImageError.invalid(
                    what: path, reason: "it holds no '\(entry)'", advice: "Build or save the image again.")
            }
            return Content(file, range)
        }
        func bytes(_ entry: String) async throws -> ByteBuffer {
            try await content(entry).collect(upTo: Registry.largestDocument, named: "\(path): \(entry)")
        }
        if entries["index.json"] != nil {
            let index = try Document.decode(
                Index.self, from: try await bytes("index.json"), named: "\(path): index.json")
            let blobs = Blobs(name: path, file: file, entries: entries)
            return try await blobs.load(try Layout.choose(name, among: index, in: path)).withSBOMs { digest in
                entries[Layout.sbomPath(digest)].map { Content(file, $0) }
            }
        }
        guard entries["manifest.json"] != nil else {
            throw ContainerImageError.invalid(
                what: path, reason: "it is no image: neither index.json nor manifest.json is in it",
                advice: "Give a tar that `pinson image build` or `docker save` wrote; inflate it if it is compressed.")
        }
        let list = try Document.decode(
            [DockerImage].self, from: try await bytes("manifest.json"), named: "\(path): manifest.json")
        guard
            let one = name == nil
                ? (list.count == 1 ? list[0] : nil) : list.first(where: { $0.repoTags?.contains(name ?? "") == true })
        else {
            throw ContainerImageError.invalid(
                what: path, reason: name.map { "no image in it is called '\($0)'" } ?? "it holds \(list.count) images",
                advice:
                    "Append one of these names with a colon: \(list.flatMap { $0.repoTags ?? [] }.joined(separator: ", "))."
            )
        }
        return .image(try await image(one, configuration: bytes(one.config), layer: content))
    }

    /// An image of which only Docker's own documents are there.
    private func image(_ docker: DockerImage, configuration: ByteBuffer, layer: (String) throws -> Content) async throws
        -> Image
    {
        var (layers, contents): ([Descriptor], [Digest: Content]) = ([], [:])
        for path in docker.layers {
            let content = try layer(path)
            let start = try await content.reader()()?.getBytes(at: 0, length: 2)
            let type: MediaType = start == [0x1F, 0x8B] ? .tarGzip : .tar
            let descriptor = Descriptor(mediaType: type, digest: try await content.digest(), size: content.size)
            layers.append(descriptor)
            contents[descriptor.digest] = content
        }
        let manifest = Manifest(
            config: Descriptor(
                mediaType: .configuration, digest: Digest(of: configuration), size: Int64(configuration.readableBytes)),
            layers: layers)
        return try Image(
            manifestBytes: try Document.encode(manifest), configurationBytes: configuration, named: path,
            layer: { contents[$0.digest] ?? Content(ByteBuffer()) })
    }

    /// Where each file's bytes are.
    private static func entries(of file: OpenFile) async throws -> [String: Range<Int64>] {
        var reader = TarReader(try await ByteStream(Content(file)), named: file.path)
        var entries: [String: Range<Int64>] = [:]
        while let header = try await reader.next() {
            guard header.kind == .file else { continue }
            entries[header.path] = reader.offset..<reader.offset + header.size
        }
        guard reader.hasEnd else {
            throw ContainerImageError.invalid(
                what: file.path, reason: "it is no whole tar: it has \(file.size) bytes and no end",
                advice: "Build or save the image again.")
        }
        return entries
    }

    private struct Blobs: BlobSource {
        let name: String
        let file: OpenFile
        let entries: [String: Range<Int64>]

        func document(_ descriptor: Descriptor) async throws -> ByteBuffer {
            try await content(descriptor).verified(descriptor).collect(upTo: Registry.largestDocument, named: name)
        }

        func isThere(_ descriptor: Descriptor) -> Bool { entries[Layout.blobPath(descriptor.digest)] != nil }

        func content(_ descriptor: Descriptor) throws -> Content {
            guard let range = entries[Layout.blobPath(descriptor.digest)], range.upperBound <= file.size else {
                throw ContainerImageError.invalid(
                    what: name, reason: "blob \(descriptor.digest) is not in it, or only in part",
                    advice: "Build or save the image again.")
            }
            return Content(file, range)
        }
    }
}
