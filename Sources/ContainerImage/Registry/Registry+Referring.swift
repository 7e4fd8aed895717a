import NIOCore
import NIOHTTP1

/// Documents about an image, found from its digest.
///
/// - Source: OCI distribution-spec 1.1.1, "Pushing Manifests with Subject" and "Referrers Tag Schema".
extension Registry {
    static func sbomDescriptor(_ sbom: ByteBuffer) -> Descriptor {
        Descriptor(mediaType: .spdx, digest: Digest(of: sbom), size: Int64(sbom.readableBytes))
    }

    /// Says that `document`, a blob that is there, is about the image `subject`, which is there as well.
    func refer(_ document: Descriptor, to subject: Descriptor) async throws {
        var subject = subject
        subject.platform = nil
        let manifest = Manifest(
            config: Blob.empty.descriptor, layers: [document], artifactType: document.mediaType, subject: subject)
        let bytes = try Document.encode(manifest)
        let descriptor = Descriptor(mediaType: .manifest, digest: Digest(of: bytes), size: Int64(bytes.readableBytes))
        let answer = try await putAnswer(bytes, descriptor, as: "\(descriptor.digest)")
        guard answer.headers.first(name: "OCI-Subject") == nil else { return }

        // A registry that does not know of subjects: the list is kept under a tag.
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

    private func referrers(tag: String) async throws -> Index {
        let answer = try await session.send(
            .GET, url("manifests/\(tag)"), scope: scope("pull,push"), headers: ["Accept": MediaType.index.rawValue])
        if answer.status == 404 {
            _ = await answer.body()
            return Index(manifests: [])
        }
        guard answer.status == 200 else { throw await refusal("list of referrers", answer) }
        return try Document.decode(
            Index.self,
            from: try await answer.document(upTo: Self.largestDocument, named: "list of referrers of \(reference)"),
            named: "list of referrers of \(reference)")
    }
}
