import Foundation
import NIOCore
import NIOHTTP1

/// What happens to a blob on its way.
public enum PushEvent: Sendable {
    case sending(Descriptor, sent: Int64)
    case done(Descriptor, how: Outcome)

    public enum Outcome: String, Sendable {
        case sent, mounted
        case there = "already there"
    }
}

extension Registry {
    /// Sends what the registry has not, and moves the tag once, last of all.
    ///
    /// A tag therefore never names what is not there: blobs go first, several at once, then manifests by digest, then
    /// bills of materials, then the tag.
    ///
    /// - Returns: the digest that the name stands for from now on.
    @discardableResult
    public func push(_ image: ImageOrIndex, progress: @escaping @Sendable (PushEvent) -> Void = { _ in }) async throws
        -> Digest
    {
        try image.requireWhole()
        let root = image.descriptor
        if let pinned = reference.digest, pinned != root.digest {
            throw ContainerImageError.mismatch(
                what: "image for \(reference)", found: "\(root.digest)", expected: "\(pinned)")
        }
        var blobs: [Blob] = []
        for image in image.images {
            blobs += image.layers.map { Blob($0.descriptor, $0.content, origin: $0.origin) }
            blobs.append(Blob(image.manifest.config, Content(image.configurationBytes)))
            if let sbom = image.sbom { blobs += [Blob(Self.sbomDescriptor(sbom), Content(sbom)), .empty] }
        }
        try await send(blobs, progress: progress)
        for one in image.images where one.descriptor.digest != root.digest || one.sbom != nil {
            try await put(one.manifestBytes, one.descriptor, as: "\(one.descriptor.digest)")
        }
        for image in image.images {
            if let sbom = image.sbom { try await refer(Self.sbomDescriptor(sbom), to: image.descriptor) }
        }
        try await put(image.bytes, root, as: reference.tag ?? reference.digest.map { "\($0)" } ?? "latest")
        return root.digest
    }

    struct Blob: Sendable {
        let descriptor: Descriptor
        let content: Content
        let origin: Reference?

        init(_ descriptor: Descriptor, _ content: Content, origin: Reference? = nil) {
            self.descriptor = descriptor
            self.content = content
            self.origin = origin
        }

        /// `{}`, the configuration of what has none.
        static let empty: Blob = {
            let bytes = ByteBuffer(string: "{}")
            return Blob(Descriptor(mediaType: .empty, digest: Digest(of: bytes), size: 2), Content(bytes))
        }()
    }

    /// Four at a time: more connections are no faster, and registries count them.
    private func send(_ blobs: [Blob], progress: @escaping @Sendable (PushEvent) -> Void) async throws {
        var seen: Set<Digest> = []
        var waiting = blobs.filter { seen.insert($0.descriptor.digest).inserted }[...]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                guard let blob = waiting.popFirst() else { break }
                group.addTask { try await send(blob, progress: progress) }
            }
            while try await group.next() != nil {
                guard let blob = waiting.popFirst() else { continue }
                group.addTask { try await send(blob, progress: progress) }
            }
        }
    }

    private func send(_ blob: Blob, progress: @escaping @Sendable (PushEvent) -> Void) async throws {
        let descriptor = blob.descriptor
        // A registry that forbids to ask is sent the blob; it knows what it has.
        let head = try await session.send(.HEAD, url("blobs/\(descriptor.digest)"), scope: scope("pull,push"))
        if head.status == 200 { return progress(.done(descriptor, how: .there)) }
        _ = await head.body()

        var attempt = 1
        while true {
            let start = try await startUpload(blob)
            guard let start else { return progress(.done(descriptor, how: .mounted)) }
            let outcome = try await put(blob, to: start, progress: progress)
            switch outcome {
            case .done: return progress(.done(descriptor, how: .sent))
            case .failed(let error, let headers):
                guard attempt < session.retry.attempts else { throw error }
                try await session.retry.wait(after: attempt, headers)
            }
            attempt += 1
        }
    }

    /// Where to send the blob; nil if the registry has taken it from another repository.
    private func startUpload(_ blob: Blob) async throws -> URL? {
        let url = self.url("blobs/uploads/")
        if let origin = blob.origin, origin.host == reference.host, origin.repository != reference.repository {
            let mount = url.appending(queryItems: [
                .init(name: "mount", value: "\(blob.descriptor.digest)"), .init(name: "from", value: origin.repository),
            ])
            let scope = "\(scope("pull,push")) repository:\(origin.repository):pull"
            // A registry that does not want this, or a token service that does not give it, is sent the bytes.
            if let answer = try? await session.send(.POST, mount, scope: scope, headers: ["Content-Length": "0"]) {
                _ = await answer.body()
                if answer.status == 201 { return nil }
                if answer.status == 202 { return try session.location(answer, of: mount) }
            }
        }
        let answer = try await session.send(.POST, url, scope: scope("pull,push"), headers: ["Content-Length": "0"])
        guard answer.status == 202 || answer.status == 201 else { throw await refusal("upload", answer) }
        _ = await answer.body()
        return answer.status == 201 ? nil : try session.location(answer, of: url)
    }

    private enum Upload {
        case done
        case failed(ContainerImageError, HTTPHeaders?)
    }

    /// One PUT of the whole blob; after a failure only a new upload may follow, as this one may hold a part.
    private func put(_ blob: Blob, to start: URL, progress: @escaping @Sendable (PushEvent) -> Void) async throws
        -> Upload
    {
        let (descriptor, content) = (blob.descriptor, blob.content)
        let text = start.absoluteString
        let digest = "digest=\(descriptor.digest)".replacingOccurrences(of: ":", with: "%3A")
        guard let target = URL(string: "\(text)\(text.contains("?") ? "&" : "?")\(digest)") else {
            throw ContainerImageError.unreachable(request: start.redacted, reason: "it is no usable address")
        }
        let counted = Content(size: content.size) { offset in
            let reader = try await content.reader(from: offset)
            var sent = offset
            return {
                guard let bytes = try await reader() else { return nil }
                sent += Int64(bytes.readableBytes)
                progress(.sending(descriptor, sent: sent))
                return bytes
            }
        }
        do {
            let answer = try await session.send(
                .PUT, target, scope: scope("pull,push"), headers: ["Content-Type": "application/octet-stream"],
                body: counted, isRepeatable: false)
            if (200...204).contains(answer.status) {
                try check(answer, descriptor.digest)
                return .done
            }
            let error = await refusal("blob \(descriptor.digest)", answer)
            // 400 and 404: the upload is gone or holds other bytes. 401: the token ran out. 416: it holds a part.
            guard [400, 401, 404, 416].contains(answer.status) || RetryPolicy.statuses.contains(answer.status) else {
                throw error
            }
            return .failed(error, answer.headers)
        } catch let error as ContainerImageError {
            guard case .unreachable = error else { throw error }
            return .failed(error, nil)
        }
    }

    /// - Parameter name: a tag or a digest.
    func put(_ bytes: ByteBuffer, _ descriptor: Descriptor, as name: String) async throws {
        let answer = try await putAnswer(bytes, descriptor, as: name)
        try check(answer, descriptor.digest)
    }

    func putAnswer(_ bytes: ByteBuffer, _ descriptor: Descriptor, as name: String) async throws -> Transport.Answer {
        let answer = try await session.send(
            .PUT, url("manifests/\(name)"), scope: scope("pull,push"),
            headers: ["Content-Type": descriptor.mediaType.rawValue], body: Content(bytes))
        guard (200...204).contains(answer.status) else { throw await refusal("manifest '\(name)'", answer) }
        _ = await answer.body()
        return answer
    }

    /// What the registry says it has stored must be what was sent.
    private func check(_ answer: Transport.Answer, _ digest: Digest) throws {
        guard let header = answer.headers.first(name: "Docker-Content-Digest"), let found = Digest(header),
            found != digest
        else { return }
        throw ContainerImageError.mismatch(
            what: "\(reference)", found: "\(found) in the registry", expected: "\(digest)")
    }
}
