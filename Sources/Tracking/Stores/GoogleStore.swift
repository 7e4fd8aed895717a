import Foundation
import NIOCore
import NIOHTTP1

/// A folder of a bucket of Google Cloud Storage, with an access token.
///
/// - Source: Cloud Storage JSON API v1, "Objects" and "Resumable uploads".
struct GoogleStore: ArtifactStore {
    private let store: StoreConnection
    private let endpoint: URL
    private let bucket: String
    private let folder: String

    init(
        bucket: String, _ folder: String, _ environment: [String: String], _ patience: Patience
    ) throws(TrackingError) {
        let names = ["GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN"]
        guard let token = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else {
            throw .invalid(
                what: "gs://\(bucket)", reason: "there is no access token for it",
                advice: "Set GOOGLE_OAUTH_ACCESS_TOKEN, such as to the output of `gcloud auth print-access-token`.")
        }
        let address =
            environment["STORAGE_EMULATOR_HOST"].flatMap { $0.isEmpty ? nil : $0 } ?? "https://storage.googleapis.com"
        guard let endpoint = URL(string: address.contains("://") ? address : "http://\(address)"), endpoint.host != nil
        else {
            throw .invalid(
                what: "STORAGE_EMULATOR_HOST", reason: "it is not an address",
                advice: "Set it to an address such as http://localhost:9023.")
        }
        store = StoreConnection(
            connection: Connection(to: endpoint, environment, certificates: nil, .bearer(token), patience),
            accountAdvice: "Get a new access token, which lives for an hour, and check what the account may do.")
        (self.endpoint, self.bucket, self.folder) = (endpoint, bucket, folder)
    }

    private func url(_ path: String, _ query: String = "") throws(TrackingError) -> URL {
        var base = endpoint.absoluteString
        while base.hasSuffix("/") { base.removeLast() }
        guard let url = URL(string: base + path) else {
            throw .invalid(what: path, reason: "it is not a path", advice: "Check the name of the artifact.")
        }
        return url.adding(query)
    }

    /// The address of an object, whose name is one part of the path.
    private func object(_ path: String, _ query: String = "") throws(TrackingError) -> URL {
        let name = percentEncoded(objectPath(folder, try artifactPath(path)))
        return try url("/storage/v1/b/\(bucket)/o/\(name)", query)
    }

    func put(_ file: String, as path: String) async throws {
        struct Description: Encodable {
            var name: String
            var md5Hash: String
            var metadata: [String: String]
        }
        let digests = try await FileDigests(file, needsMD5: true)
        let description = Description(
            name: objectPath(folder, try artifactPath(path)), md5Hash: digests.md5, metadata: ["sha256": digests.sha256]
        )
        let start = try url("/upload/storage/v1/b/\(bucket)/o", "uploadType=resumable")
        let headers: HTTPHeaders = [
            "Content-Type": "application/json; charset=UTF-8", "X-Upload-Content-Length": "\(digests.size)",
        ]
        let answer = try await store.call(
            .POST, start, headers: headers, body: .bytes(try JSONEncoder().encode(description)))
        guard let text = answer.headers.first(name: "Location"), let session = URL(string: text),
            session.host == endpoint.host, session.port == endpoint.port, session.scheme == endpoint.scheme
        else {
            // The token would go there, too.
            throw TrackingError.store(
                request: "POST \(start.withoutSecrets)", status: nil,
                reason: "the store names another host for the upload",
                advice: "Check the address of the store.")
        }
        try await send(file, digests.size, to: session)
    }

    /// Sends the parts of a file to the address of an upload.
    ///
    /// Each answer says how much the store has.
    private func send(_ file: String, _ size: Int64, to session: URL) async throws {
        var (offset, failures): (Int64, Int) = (0, 0)
        while true {
            let count = min(size > FileDigests.largestWhole ? FileDigests.usualPart : size, size - offset)
            let range = count == 0 ? "bytes */\(size)" : "bytes \(offset)-\(offset + count - 1)/\(size)"
            let body = Connection.Body.file(file, offset: offset, size: count)
            let state: (status: Int, headers: HTTPHeaders, document: Data)
            do {
                state = try await once.call(
                    .PUT, session, headers: ["Content-Range": range], body: count == 0 ? .none : body, accepting: [308])
            } catch let error as TrackingError where error.isPassing && failures < store.connection.patience.attempts {
                failures += 1
                try await store.connection.patience.wait(after: failures, nil)
                // What has arrived of the part is not known, so the store is asked.
                state = try await store.call(
                    .PUT, session, headers: ["Content-Range": "bytes */\(size)"], accepting: [308])
            }
            guard state.status == 308 else { return }
            // "bytes=0-N", or no header as long as nothing has arrived.
            let last = state.headers.first(name: "Range").flatMap { $0.split(separator: "-").last }.flatMap {
                Int64($0)
            }
            let arrived = last.map { $0 + 1 } ?? 0
            failures = arrived > offset ? 0 : failures + 1
            guard (0...size).contains(arrived), failures <= store.connection.patience.attempts else {
                throw TrackingError.store(
                    request: "PUT \(session.withoutSecrets)", status: nil,
                    reason: "the store does not keep what it gets",
                    advice: "Try again later.")
            }
            offset = arrived
        }
    }

    /// The same store, which is asked once: how much of a part has arrived must be known before it is sent again.
    private var once: StoreConnection {
        var patience = store.connection.patience
        patience.attempts = 1
        let connection = store.connection
        return StoreConnection(
            connection: Connection(client: connection.client, credentials: connection.credentials, patience: patience),
            accountAdvice: store.accountAdvice)
    }

    func get(_ path: String, _ receive: (ByteBuffer) throws -> Void) async throws {
        try await store.fetch(object(path, "alt=media"), receive)
    }

    func list(_ folder: String) async throws -> [String] {
        struct Page: Decodable {
            struct Item: Decodable { var name: String }
            var items: [Item]?
            var prefixes: [String]?
            var nextPageToken: String?
        }
        let prefix = objectPath(self.folder, folder.isEmpty ? "" : try artifactPath(folder))
        var (found, token): ([String], String) = ([], "")
        repeat {
            var query = "delimiter=%2F&prefix=\(percentEncoded(prefix.isEmpty ? "" : "\(prefix)/"))"
            if !token.isEmpty { query += "&pageToken=\(percentEncoded(token))" }
            let url = try url("/storage/v1/b/\(bucket)/o", query)
            let document = try await store.call(.GET, url).document
            guard let page = try? JSONDecoder().decode(Page.self, from: document) else {
                throw TrackingError.store(
                    request: "GET \(url.withoutSecrets)", status: nil, reason: "the answer is not a list",
                    advice: "Check that the address is that of Google Cloud Storage.")
            }
            found += (page.items ?? []).map(\.name) + (page.prefixes ?? [])
            token = page.nextPageToken ?? ""
        } while !token.isEmpty
        return relativePaths(found, to: self.folder)
    }

    func delete(_ path: String) async throws {
        try await store.call(.DELETE, object(path), accepting: [404])
    }
}
