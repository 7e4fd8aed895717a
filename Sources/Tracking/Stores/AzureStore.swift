import Foundation
import NIOCore
import NIOHTTP1

/// A folder of a container of Azure Blob Storage, with a shared access signature.
///
/// - Source: Azure Storage REST API Reference, "Put Blob", "Put Block", "Put Block List", "Get Blob", "List Blobs",
///   version 2021-12-02.
struct AzureStore: ArtifactStore {
    /// A container and a folder in it.
    struct Place: Equatable, Sendable {
        /// The address of the account, such as `https://ACCOUNT.blob.core.windows.net`.
        var endpoint: String
        var container: String
        var folder: String

        /// The name of the account.
        var account: String { String((URL(string: endpoint)?.host ?? "").prefix { $0 != "." }) }
    }

    /// The most blocks of a blob.
    private static let mostBlocks: Int64 = 50_000

    private let store: StoreConnection
    private let base: String
    private let folder: String
    /// The shared access signature, which is a part of each address.
    private let signature: String

    init(
        _ place: Place, _ environment: [String: String], _ patience: Patience
    ) throws(TrackingError) {
        let settings = Self.settings(environment["AZURE_STORAGE_CONNECTION_STRING"] ?? "")
        let given = environment["AZURE_STORAGE_SAS_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        signature = String((given ?? settings["SharedAccessSignature"] ?? "").drop { $0 == "?" })
        var endpoint = settings["BlobEndpoint"] ?? place.endpoint
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        let account = environment["AZURE_STORAGE_ACCOUNT"] ?? settings["AccountName"]
        // An address may come from a server, which must not choose who gets the signature.
        guard settings["BlobEndpoint"] != nil || account == place.account else {
            throw .invalid(
                what: "\(place.endpoint)/\(place.container)", reason: "AZURE_STORAGE_ACCOUNT does not name its account",
                advice: "Set it to the account that the shared access signature belongs to.")
        }
        guard signature.contains("sig="), signature.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else {
            throw .invalid(
                what: "\(place.endpoint)/\(place.container)", reason: "there is no shared access signature for it",
                advice: "Set AZURE_STORAGE_SAS_TOKEN to one that may read, write, list and delete in the container.")
        }
        base = "\(endpoint)/\(percentEncoded(place.container))"
        guard let url = URL(string: base) else {
            throw .invalid(
                what: "AZURE_STORAGE_CONNECTION_STRING", reason: "its BlobEndpoint is not an address",
                advice: "Copy the connection string again.")
        }
        let secrets = signature.split(separator: "&").filter { $0.hasPrefix("sig=") }.flatMap { part -> [String] in
            let value = String(part.dropFirst(4))
            return [value, value.removingPercentEncoding ?? value]
        }
        store = StoreConnection(
            connection: Connection(
                to: url, environment, certificates: nil, .secrets([signature] + secrets), patience),
            accountAdvice: "Check that the shared access signature is still valid and allows this.")
        folder = place.folder
    }

    static func settings(_ text: String) -> [String: String] {
        var settings: [String: String] = [:]
        for part in text.split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { settings[String(halves[0])] = String(halves[1]) }
        }
        return settings
    }

    private func url(_ path: String, _ query: String = "") throws(TrackingError) -> URL {
        let address = path.isEmpty ? base : "\(base)/\(percentEncoded(path, slashes: true))"
        guard let url = URL(string: address)?.adding(query).adding(signature) else {
            throw .invalid(what: path, reason: "it is not a path", advice: "Check the name of the artifact.")
        }
        return url
    }

    private func blob(_ path: String) throws(TrackingError) -> String { objectPath(folder, try artifactPath(path)) }

    private var version: HTTPHeaders { ["x-ms-version": "2021-12-02"] }

    func put(_ file: String, as path: String) async throws {
        let (blob, digests) = (try blob(path), try await FileDigests(file, mostParts: Self.mostBlocks, needsMD5: true))
        var facts = version
        facts.add(name: "x-ms-blob-content-md5", value: digests.md5)
        facts.add(name: "x-ms-meta-sha256", value: digests.sha256)
        guard digests.parts.count > 1 else {
            facts.add(name: "x-ms-blob-type", value: "BlockBlob")
            return try await put(digests.parts[0], of: file, to: url(blob), facts)
        }
        var list = ""
        for (index, part) in digests.parts.enumerated() {
            // All identifiers have the same length. Blocks that belong to nothing are removed after a week.
            let id = Data(String(format: "%08d", index).utf8).base64EncodedString()
            try await put(part, of: file, to: url(blob, "comp=block&blockid=\(percentEncoded(id))"), version)
            list += "<Latest>\(id)</Latest>"
        }
        let body = Data("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>\(list)</BlockList>".utf8)
        try await store.call(.PUT, url(blob, "comp=blocklist"), headers: facts, body: .bytes(body))
    }

    private func put(_ part: FileDigests.Part, of file: String, to url: URL, _ headers: HTTPHeaders) async throws {
        var headers = headers
        headers.add(name: "Content-MD5", value: part.md5)
        let body = Connection.Body.file(file, offset: part.offset, size: part.size)
        try await store.call(.PUT, url, headers: headers, body: body)
    }

    func get(_ path: String, _ receive: (ByteBuffer) throws -> Void) async throws {
        try await store.fetch(url(blob(path)), headers: version, receive)
    }

    func list(_ folder: String) async throws -> [String] {
        let prefix = objectPath(self.folder, folder.isEmpty ? "" : try artifactPath(folder))
        var (found, marker): ([String], String) = ([], "")
        repeat {
            var query =
                "restype=container&comp=list&delimiter=%2F&prefix=\(percentEncoded(prefix.isEmpty ? "" : "\(prefix)/"))"
            if !marker.isEmpty { query += "&marker=\(percentEncoded(marker))" }
            let url = try url("", query)
            guard let page = XMLElements(try await store.call(.GET, url, headers: version).document) else {
                throw TrackingError.store(
                    request: "GET \(url.withoutSecrets)", status: nil, reason: "the answer is not a list",
                    advice: "Check that the address is that of Azure Blob Storage.")
            }
            found += page["Blob", "Name"] + page["BlobPrefix", "Name"]
            marker = page["NextMarker"].first ?? ""
        } while !marker.isEmpty
        return relativePaths(found, to: self.folder)
    }

    func delete(_ path: String) async throws {
        try await store.call(.DELETE, url(blob(path)), headers: version, accepting: [404])
    }
}

extension AzureStore.Place {
    /// Reads `wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/FOLDER`, or the address of a container over HTTPS.
    ///
    /// Nil for another address. A signature in the address is not read, because addresses are stored in runs.
    init?(_ parts: URLComponents) {
        let domains = ["windows.net", "chinacloudapi.cn", "usgovcloudapi.net"]
        guard let host = parts.host, domains.contains(where: { host.hasSuffix(".blob.core.\($0)") }) else { return nil }
        var folders = parts.path.split(separator: "/").map(String.init)
        let container: String
        if parts.scheme == "https" || parts.scheme == "http" {
            guard !folders.isEmpty else { return nil }
            container = folders.removeFirst()
        } else {
            guard let user = parts.user, !user.isEmpty else { return nil }
            container = user
        }
        self.init(endpoint: "https://\(host)", container: container, folder: folders.joined(separator: "/"))
    }
}

extension AzureStore.Place {
    /// A container of the account that the environment names, as `az://CONTAINER/FOLDER` means it.
    init(container: String, folder: String, _ environment: [String: String]) throws(TrackingError) {
        let settings = AzureStore.settings(environment["AZURE_STORAGE_CONNECTION_STRING"] ?? "")
        let account = environment["AZURE_STORAGE_ACCOUNT"].flatMap { $0.isEmpty ? nil : $0 } ?? settings["AccountName"]
        let isName = (account ?? "").utf8.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 }
        guard let endpoint = settings["BlobEndpoint"] ?? account.map({ "https://\($0).blob.core.windows.net" }), isName
        else {
            throw .invalid(
                what: "az://\(container)", reason: "the account of the container is not known",
                advice: "Set AZURE_STORAGE_ACCOUNT to its name, which has small letters and digits.")
        }
        self.init(endpoint: endpoint, container: container, folder: folder)
    }
}
