import Foundation
import NIOCore
import NIOHTTP1

/// A folder of a bucket of Amazon S3, or of a store with the same interface, such as MinIO.
///
/// Each request is signed together with the digest of its body, so the store refuses bytes that have changed on the way.
///
/// - Source: Amazon S3 API Reference, 2006-03-01.
struct S3Store: ArtifactStore {
    private let store: StoreConnection
    private let place: S3Place
    private let folder: String

    init(
        bucket: String, _ folder: String, _ environment: [String: String], _ patience: Patience
    ) throws(TrackingError) {
        let configuration = try AWSConfiguration(environment)
        guard let account = configuration.account else {
            throw .invalid(
                what: "s3://\(bucket)",
                reason: "there are no keys in the environment or in the profile '\(configuration.profile)'",
                advice: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.")
        }
        place = try S3Place(bucket: bucket, configuration)
        let signature = AWSSignature(account: account, region: configuration.region)
        let secrets = [account.secret, account.token ?? ""] + (account.key.count >= 16 ? [account.key] : [])
        let connection = Connection(
            to: place.base, environment, certificates: configuration.certificates, .secrets(secrets), patience
        ) { signature.sign($0, $1, $2) }
        store = StoreConnection(
            connection: connection,
            accountAdvice:
                "Check the keys, the region (AWS_REGION, now \(configuration.region)) and what the account may do.")
        self.folder = folder
    }

    private func url(_ path: String) throws(TrackingError) -> URL {
        try place.url(objectPath(folder, try artifactPath(path)))
    }

    func put(_ file: String, as path: String) async throws {
        let (url, digests) = (try url(path), try await FileDigests(file, needsMD5: false))
        let facts: HTTPHeaders = ["x-amz-meta-sha256": digests.sha256]
        guard digests.parts.count > 1 else { return _ = try await put(digests.parts[0], of: file, to: url, facts) }
        let started = try await store.call(.POST, url.adding("uploads="), headers: facts)
        guard let id = XMLElements(started.document)?["UploadId"].first, !id.isEmpty else {
            throw TrackingError.store(
                request: "POST \(url.withoutSecrets)", status: nil, reason: "the store did not begin the upload",
                advice: "Check that it has the interface of S3.")
        }
        let upload = "uploadId=\(percentEncoded(id))"
        do {
            var list = ""
            for (index, part) in digests.parts.enumerated() {
                let tag = try await put(part, of: file, to: url.adding("partNumber=\(index + 1)&\(upload)"))
                list += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(xmlText(tag))</ETag></Part>"
            }
            try await complete(url.adding(upload), "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>")
        } catch {
            // Parts that belong to nothing would be kept and paid for.
            _ = try? await store.call(.DELETE, url.adding(upload))
            throw error
        }
    }

    /// Sends a part, or a whole file, and returns its tag.
    private func put(
        _ part: FileDigests.Part, of file: String, to url: URL, _ headers: HTTPHeaders = [:]
    ) async throws -> String {
        var headers = headers
        headers.add(name: "x-amz-content-sha256", value: part.sha256)
        let body = Connection.Body.file(file, offset: part.offset, size: part.size)
        return try await store.call(.PUT, url, headers: headers, body: body).headers.first(name: "ETag") ?? ""
    }

    /// Puts the parts together.
    ///
    /// The store may answer 200 and then an error, after it has tried.
    private func complete(_ url: URL, _ list: String) async throws {
        let body = Data(list.utf8)
        let headers: HTTPHeaders = ["x-amz-content-sha256": bodyDigest(body), "Content-Type": "application/xml"]
        let answer = try await store.call(.POST, url, headers: headers, body: .bytes(body))
        guard let code = XMLElements(answer.document)?["Error", "Code"].first else { return }
        throw TrackingError.store(
            request: "POST \(url.withoutSecrets)", status: nil, reason: "the parts could not be put together: \(code)",
            advice: "Store the file again.")
    }

    func get(_ path: String, _ receive: (ByteBuffer) throws -> Void) async throws {
        try await store.fetch(url(path), receive)
    }

    func list(_ folder: String) async throws -> [String] {
        let prefix = objectPath(self.folder, folder.isEmpty ? "" : try artifactPath(folder))
        var (found, token): ([String], String) = ([], "")
        repeat {
            var query = "list-type=2&delimiter=%2F&prefix=\(percentEncoded(prefix.isEmpty ? "" : "\(prefix)/"))"
            if !token.isEmpty { query += "&continuation-token=\(percentEncoded(token))" }
            let url = try place.url("").adding(query)
            guard let page = XMLElements(try await store.call(.GET, url).document) else {
                throw TrackingError.store(
                    request: "GET \(url.withoutSecrets)", status: nil, reason: "the answer is not a list",
                    advice: "Check that the address is that of a store with the interface of S3.")
            }
            found += page["Contents", "Key"] + page["CommonPrefixes", "Prefix"]
            token = page["IsTruncated"].first == "true" ? page["NextContinuationToken"].first ?? "" : ""
        } while !token.isEmpty
        return relativePaths(found, to: self.folder)
    }

    func delete(_ path: String) async throws {
        try await store.call(.DELETE, url(path), accepting: [404])
    }
}

/// The paths of objects below a folder, sorted; not the folder itself, for which some tools keep an object.
func relativePaths(_ keys: [String], to folder: String) -> [String] {
    let prefix = folder.isEmpty ? "" : "\(folder)/"
    return keys.filter { $0.hasPrefix(prefix) && $0.count > prefix.count }.map { String($0.dropFirst(prefix.count)) }
        .sorted()
}
