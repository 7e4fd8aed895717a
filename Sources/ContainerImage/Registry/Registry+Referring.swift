import NIOCore
import NIOHTTP1

/// Documents about an image, which are found by the digest of the image.
///
/// - Source: OCI distribution-spec 1.1.1, "Pushing Manifests with Subject" and "Referrers Tag Schema".
extension Registry {
    /// Points at a bill of materials.
    static func sbomDescriptor(_ sbom: ByteBuffer) -> Descriptor {
        Descriptor(mediaType: .spdx, digest: Digest(of: sbom), size: Int64(sbom.readableBytes))
    }

    /// Tells the registry that `document` is about the image `subject`.
    ///
    /// The registry must have both already.
    func refer(_ document: Descriptor, to subject: Descriptor) async throws {
        var subject = subject
        subject.platform = nil
        let manifest = Manifest(
            config: Blob.empty.descriptor, layers: [document], artifactType: document.mediaType, subject: subject)
        let bytes = try Document.encode(manifest)
        let descriptor = Descriptor(mediaType: .manifest, digest: Digest(of: bytes), size: Int64(bytes.readableBytes))
        let headers = try await put(bytes, descriptor, as: "\(descriptor.digest)")
        guard headers.first(name: "OCI-Subject") == nil else { return }

        // The registry does not keep a list of documents about an image, so the list is stored under a tag.
        let tag = "sha256-\(subject.digest.hex)"
        var list = try await referrers(tag: tag)
        list.manifests.removeAll { $0.digest == descriptor.digest }
        var entry = descriptor
        entry.artifactType = document.mediaType
        list.manifests.append(entry)
        let listBytes = try Document.encode(list)
        try await put(
            listBytes,
            Descriptor(mediaType: .index, digest: Digest(of: listBytes), size: Int64(listBytes.readableBytes)),
            as: tag)
    }

    /// The list under a tag, which is empty if the registry has none.
    private func referrers(tag: String) async throws -> Index {
        let answer = try await session.send(
            .GET, url("manifests/\(tag)"), scope: scope("pull,push"), headers: ["Accept": MediaType.index.rawValue])
        if answer.status == 404 {
            _ = await answer.body()
            return Index(manifests: [])
        }
        let name = "list of documents about the image"
        guard answer.status == 200 else { throw await refusal(name, answer) }
        let bytes = try await answer.document(upTo: Document.largestSize, named: "\(name) in \(reference)")
        return try Document.decode(Index.self, from: bytes, named: "\(name) in \(reference)")
    }
}
