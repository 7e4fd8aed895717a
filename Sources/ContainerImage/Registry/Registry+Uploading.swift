import Foundation
import NIOCore
import NIOHTTP1

extension Registry {
    /// A blob to send.
    struct Blob: Sendable {
        let descriptor: Descriptor
        let content: Content
        /// A repository that may have the blob already.
        let origin: Reference?

        init(_ descriptor: Descriptor, _ content: Content, origin: Reference? = nil) {
            self.descriptor = descriptor
            self.content = content
            self.origin = origin
        }

        /// The empty JSON object, the configuration of an artifact that has none.
        static let empty: Blob = {
            let bytes = ByteBuffer(string: "{}")
            return Blob(Descriptor(mediaType: .empty, digest: Digest(of: bytes), size: 2), Content(bytes))
        }()
    }

    /// Sends a blob unless the registry has it.
    func upload(_ blob: Blob, progress: @escaping @Sendable (PushEvent) -> Void) async throws {
        let descriptor = blob.descriptor
        // If the registry does not let us ask, the blob is sent; the registry stores it once in any case.
        let head = try await session.send(.HEAD, url("blobs/\(descriptor.digest)"), scope: scope("pull,push"))
        if head.status == 200 { return progress(.done(descriptor, how: .there)) }
        _ = await head.body()

        let deadline = session.transport.pace.deadline(for: descriptor.size)
        var attempt = 1
        while true {
            guard let start = try await startUpload(blob) else { return progress(.done(descriptor, how: .mounted)) }
            switch try await put(blob, to: start, before: deadline, progress: progress) {
            case .done: return progress(.done(descriptor, how: .sent))
            case .failed(let error, let headers):
                guard attempt < session.retry.attempts else { throw error }
                try await session.retry.wait(after: attempt, headers)
            }
            attempt += 1
        }
    }

    /// Starts an upload and returns its address, or nil if the registry has copied the blob from another repository.
    private func startUpload(_ blob: Blob) async throws -> URL? {
        let url = self.url("blobs/uploads/")
        if let origin = blob.origin, origin.host == reference.host, origin.repository != reference.repository {
            let mount = url.appending(queryItems: [
                .init(name: "mount", value: "\(blob.descriptor.digest)"), .init(name: "from", value: origin.repository),
            ])
            let scope = "\(scope("pull,push")) repository:\(origin.repository):pull"
            // If the registry does not copy, or the token service does not allow it, the bytes are sent.
            if let answer = try? await session.send(.POST, mount, scope: scope, headers: ["Content-Length": "0"]) {
                _ = await answer.body()
                if answer.status == 201 { return nil }
                if answer.status == 202 { return try await session.location(answer, of: mount) }
            }
        }
        let answer = try await session.send(.POST, url, scope: scope("pull,push"), headers: ["Content-Length": "0"])
        guard answer.status == 202 || answer.status == 201 else { throw await refusal("upload", answer) }
        _ = await answer.body()
        return answer.status == 201 ? nil : try await session.location(answer, of: url)
    }

    private enum Upload {
        case done
        case failed(ContainerImageError, HTTPHeaders?)
    }

    /// Sends the whole blob in one request.
    ///
    /// After a failure, a new upload has to be started, because the present one may have a part of the blob.
    private func put(
        _ blob: Blob, to start: URL, before deadline: ContinuousClock.Instant,
        progress: @escaping @Sendable (PushEvent) -> Void
    ) async throws -> Upload {
        let descriptor = blob.descriptor
        let text = start.absoluteString
        let digest = "digest=\(descriptor.digest)".replacingOccurrences(of: ":", with: "%3A")
        guard let target = URL(string: "\(text)\(text.contains("?") ? "&" : "?")\(digest)") else {
            throw ContainerImageError.unreachable(request: start.redacted, reason: "it is not a valid address")
        }
        do {
            let answer = try await session.send(
                .PUT, target, scope: scope("pull,push"), headers: ["Content-Type": "application/octet-stream"],
                body: counted(blob, progress), isRepeatable: false, deadline: deadline)
            if (200...204).contains(answer.status) {
                try check(answer, descriptor.digest)
                return .done
            }
            let error = await refusal("blob \(descriptor.digest)", answer)
            // 400, 404: the upload has expired or has other bytes. 401: the token has expired. 416: it has a part.
            guard [400, 401, 404, 416].contains(answer.status) || RetryPolicy.statuses.contains(answer.status) else {
                throw error
            }
            return .failed(error, answer.headers)
        } catch let error as ContainerImageError {
            guard case .unreachable = error else { throw error }
            return .failed(error, nil)
        }
    }

    /// The content of a blob, which reports how many bytes have been read.
    private func counted(_ blob: Blob, _ progress: @escaping @Sendable (PushEvent) -> Void) -> Content {
        Content(size: blob.content.size) { offset in
            let reader = try await blob.content.reader(from: offset)
            var sent = offset
            return {
                guard let bytes = try await reader() else { return nil }
                sent += Int64(bytes.readableBytes)
                progress(.sending(blob.descriptor, sent: sent))
                return bytes
            }
        }
    }

    /// Throws if the registry says that it has stored something with another digest.
    func check(_ answer: Transport.Answer, _ digest: Digest) throws {
        guard let header = answer.headers.first(name: "Docker-Content-Digest"), let found = Digest(header),
            found != digest
        else { return }
        throw ContainerImageError.mismatch(
            what: "\(reference)", found: "\(found) in the registry", expected: "\(digest)")
    }

    /// Sends a manifest or an index, which gets the name `name`, a tag or a digest.
    ///
    /// Returns the headers of the answer.
    @discardableResult
    func put(_ bytes: ByteBuffer, _ descriptor: Descriptor, as name: String) async throws -> HTTPHeaders {
        let answer = try await session.send(
            .PUT, url("manifests/\(name)"), scope: scope("pull,push"),
            headers: ["Content-Type": descriptor.mediaType.rawValue], body: Content(bytes))
        guard (200...204).contains(answer.status) else { throw await refusal("manifest '\(name)'", answer) }
        _ = await answer.body()
        try check(answer, descriptor.digest)
        return answer.headers
    }
}
