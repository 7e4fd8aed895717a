import Crypto
import Fixtures
import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import Tracking

/// Azure Blob Storage and Google Cloud Storage, against fakes that insist on the requests that their references describe.
@Suite struct CloudStoreTests {
    /// The objects that a fake keeps, and the parts of those that are still being sent.
    final class Shelf: Sendable {
        struct Contents {
            var objects: [String: Data] = [:]
            var metadata: [String: String] = [:]
            var parts: [String: Data] = [:]
            var problems: [String] = []
            var hasFailed = false
        }
        let contents = Mutex(Contents())
    }

    private static func md5(_ data: Data) -> String { Data(Insecure.MD5.hash(data: data)).base64EncodedString() }

    private static func query(_ path: String) -> [String: String] {
        let items = URLComponents(string: path)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { $1 }
    }

    private static func path(_ path: String) -> String { URLComponents(string: path)?.path ?? "" }

    /// Azure: the signature in each address, digests with each block, a list of blocks at the end.
    static func azure(_ request: FakeServer.Request, _ shelf: Shelf) -> FakeServer.Response {
        let (query, path) = (query(request.path), path(request.path))
        return shelf.contents.withLock { state in
            if query["sig"] != "c2lnbmF0dXJl=" { state.problems.append("no signature: \(request.path)") }
            if request.headers.first(name: "x-ms-version") == nil { state.problems.append("no version") }
            let name = String(path.dropFirst("/account/finch/".count))
            switch (request.method, query["comp"] ?? "") {
            case ("PUT", "block"):
                // The second block breaks off once.
                if query["blockid"] == "MDAwMDAwMDE=", !state.hasFailed {
                    state.hasFailed = true
                    return .init(status: 500)
                }
                if request.headers.first(name: "Content-MD5") != md5(request.body) {
                    state.problems.append("MD5 of a block")
                }
                state.parts[query["blockid"] ?? ""] = request.body
                return .init(status: 201, body: "")
            case ("PUT", "blocklist"):
                let ids = XMLElements(request.body)?["Latest"] ?? []
                let whole = ids.reduce(Data()) { $0 + (state.parts[$1] ?? Data()) }
                if request.headers.first(name: "x-ms-blob-content-md5") != md5(whole) {
                    state.problems.append("MD5 of the blob")
                }
                state.objects[name] = whole
                state.metadata[name] = request.headers.first(name: "x-ms-meta-sha256")
                return .init(status: 201, body: "")
            case ("PUT", _):
                if request.headers.first(name: "x-ms-blob-type") != "BlockBlob" {
                    state.problems.append("no type of blob")
                }
                if request.headers.first(name: "Content-MD5") != md5(request.body) {
                    state.problems.append("MD5 of the body")
                }
                state.objects[name] = request.body
                state.metadata[name] = request.headers.first(name: "x-ms-meta-sha256")
                return .init(status: 201, body: "")
            case ("GET", "list"):
                if query["restype"] != "container" || query["delimiter"] != "/" { state.problems.append("how to list") }
                let (names, folders) = listed(state.objects, query["prefix"] ?? "")
                // One entry a page.
                let all =
                    names.map { "<Blob><Name>\(xmlText($0))</Name><Properties><Etag>1</Etag></Properties></Blob>" }
                    + folders.map { "<BlobPrefix><Name>\(xmlText($0))</Name></BlobPrefix>" }
                let page = Int(query["marker"] ?? "") ?? 0
                let next = page + 1 < all.count ? "<NextMarker>\(page + 1)</NextMarker>" : "<NextMarker />"
                let entry = page < all.count ? all[page] : ""
                return .init(
                    body: "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"x\">"
                        + "<Blobs>\(entry)</Blobs>\(next)</EnumerationResults>")
            case ("GET", _):
                guard let data = state.objects[name] else {
                    return .init(status: 404, body: "<Error><Code>BlobNotFound</Code></Error>")
                }
                return .init(headers: ["ETag": "\"1\"", "x-ms-meta-sha256": state.metadata[name] ?? ""], bytes: data)
            case ("DELETE", _):
                return .init(status: state.objects.removeValue(forKey: name) == nil ? 404 : 202, body: "")
            default: return .init(status: 400)
            }
        }
    }

    /// Google: the token in each request, an upload that says how much it has.
    static func google(_ request: FakeServer.Request, _ shelf: Shelf, port: Int) -> FakeServer.Response? {
        let (query, path) = (query(request.path), path(request.path))
        return shelf.contents.withLock { state in
            if request.headers.first(name: "Authorization") != "Bearer ya29.t0ken" { state.problems.append("no token") }
            switch request.method {
            case "POST":
                let document = try? JSONSerialization.jsonObject(with: request.body) as? [String: Any]
                let name = document?["name"] as? String ?? ""
                if path != "/upload/storage/v1/b/finch/o" || query["uploadType"] != "resumable" || name.isEmpty {
                    state.problems.append("how to begin: \(request.path)")
                }
                state.metadata[name] = (document?["metadata"] as? [String: String])?["sha256"]
                state.metadata["md5 of \(name)"] = document?["md5Hash"] as? String
                state.parts[name] = Data()
                return .init(
                    headers: [
                        "Location":
                            "http://127.0.0.1:\(port)/upload/storage/v1/b/finch/o?upload_id=\(percentEncoded(name))"
                    ],
                    body: "")
            case "PUT":
                let name = query["upload_id"] ?? ""
                let range = request.headers.first(name: "Content-Range") ?? ""
                let parts = range.dropFirst("bytes ".count).split(separator: "/")
                let (start, total) = (parts[0].split(separator: "-").first.flatMap { Int($0) }, Int(parts[1]) ?? -1)
                var data = state.parts[name] ?? Data()
                if let start {
                    if start != data.count { state.problems.append("a gap at \(start), has \(data.count)") }
                    // Half of the second part arrives, and then the connection breaks.
                    let breaks = start > 0 && !state.hasFailed
                    data += breaks ? request.body.prefix(8 << 20) : request.body
                    state.parts[name] = data
                    if breaks {
                        state.hasFailed = true
                        return nil
                    }
                }
                guard data.count == total else {
                    let headers = data.isEmpty ? [:] : ["Range": "bytes=0-\(data.count - 1)"]
                    return .init(status: 308, headers: headers, body: "")
                }
                if md5(data) != state.metadata["md5 of \(name)"] { state.problems.append("MD5") }
                state.objects[name] = data
                return .init()
            case "GET" where path == "/storage/v1/b/finch/o":
                let (names, folders) = listed(state.objects, query["prefix"] ?? "")
                let page = Int(query["pageToken"] ?? "") ?? 0
                var document: [String: Any] = page == 0 ? ["prefixes": folders] : ["items": names.map { ["name": $0] }]
                if page == 0 { document["nextPageToken"] = "1" }
                return .init(bytes: try? JSONSerialization.data(withJSONObject: document))
            default:
                let name = String(path.dropFirst("/storage/v1/b/finch/o/".count))
                if request.method == "DELETE" {
                    return .init(status: state.objects.removeValue(forKey: name) == nil ? 404 : 204, body: "")
                }
                guard let data = state.objects[name], query["alt"] == "media" else { return .init(status: 404) }
                return .init(headers: ["x-goog-generation": "1", "x-goog-hash": "md5=\(md5(data))"], bytes: data)
            }
        }
    }

    private static func listed(_ objects: [String: Data], _ prefix: String) -> (names: [String], folders: [String]) {
        let below = objects.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
        let folders = Set(below.filter { $0.contains("/") }.map { prefix + $0.prefix { $0 != "/" } + "/" })
        return (below.filter { !$0.contains("/") }.map { prefix + $0 }.sorted(), folders.sorted())
    }

    @Test(arguments: ["wasbs://finch@account.blob.core.windows.net/runs/1", "gs://finch/runs/1"])
    func filesAreStoredFetchedListedAndDeleted(address: String) async throws {
        let shelf = Shelf()
        let port = Mutex(0)
        let server = try FakeServer { request, _ in
            address.hasPrefix("gs")
                ? Self.google(request, shelf, port: port.withLock { $0 }) : Self.azure(request, shelf)
        }
        port.withLock { $0 = server.port }
        let environment = StoreFaultTests.environment(server.port)
        let store = try #require(try ArtifactStores.store(at: address, environment, patience: .forTests))
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            let large = pattern(1 << 20)
            let sizes: [(String, Data)] = [
                ("a b/ü&<x>.bin", pattern(300_000)), ("empty", Data()), ("model/MLmodel", pattern(5)),
                ("model/model.gguf", (0..<65).reduce(Data()) { all, _ in all + large }),
            ]
            for (path, bytes) in sizes {
                try bytes.write(to: URL(fileURLWithPath: file))
                try await store.put(file, as: path)
                #expect(try await store.bytes(path) == bytes, "\(path)")
            }
            #expect(try await store.list("") == ["a b/", "empty", "model/"])
            #expect(try await store.list("model") == ["model/MLmodel", "model/model.gguf"])
            try await store.delete("empty")
            try await store.delete("empty")
            #expect(try await store.list("") == ["a b/", "model/"])
            let error = await #expect(throws: TrackingError.self) { _ = try await store.bytes("empty") }
            #expect(error?.isMissing == true)
        }
        let (problems, hasFailed) = shelf.contents.withLock { ($0.problems, $0.hasFailed) }
        #expect(problems == [] && hasFailed)
        #expect(shelf.contents.withLock { $0.metadata["runs/1/model/MLmodel"] } == bodyDigest(pattern(5)))
        try await server.stop()
    }

    @Test(arguments: [
        (
            "<a><b>1 &amp; &lt;2&gt; &#65;&#x42;</b><c/><b> x </b></a>",
            [["b", "1 & <2> AB"], ["c", ""], ["b", " x "]]
        ),
        ("<?xml version=\"1.0\"?>\n<a n=\"v\"><b>y</b></a>\n", [["b", "y"]]),
    ])
    func theTextsOfADocumentAreFound(text: String, expected: [[String]]) throws {
        let elements = try #require(XMLElements(Data(text.utf8))).elements.filter { $0.path.count == 2 }
        #expect(elements.map { [$0.path[1], $0.text] } == expected)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a", "<!DOCTYPE a><a></a>", "<a>&unknown;</a>", "<a>& b</a>", "</a>", "<>x</>",
        String(repeating: "<a>", count: 1000) + String(repeating: "</a>", count: 1000),
    ])
    func whatIsNotADocumentIsRefused(text: String) { #expect(XMLElements(Data(text.utf8)) == nil) }

    @Test func aFolderOfThisMachineIsAStore() async throws {
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            try pattern(5).write(to: URL(fileURLWithPath: file))
            let store = try #require(try ArtifactStores.store(at: "file://\(folder.path)/runs", [:]))
            try await store.put(file, as: "a/b")
            #expect(try await store.bytes("a/b") == pattern(5))
            #expect(try await store.list("") == ["a/"])
            #expect(try await store.list("a") == ["a/b"])
            try await store.delete("a/b")
            try await store.delete("a/b")
            #expect(try await store.list("a") == [])
            await #expect(throws: TrackingError.self) { try await store.delete("../file") }
        }
    }
}
