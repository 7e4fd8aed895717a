import Fixtures
import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import Tracking

/// Stores that break off, refuse, change files meanwhile, or want to know too much.
@Suite struct StoreFaultTests {
    static let secrets = ["s3cret/key+x", "t0ken/of+session", "c2lnbmF0dXJl=", "ya29.t0ken"]

    static func environment(_ port: Int) -> [String: String] {
        let address = "http://127.0.0.1:\(port)"
        return [
            "AWS_ACCESS_KEY_ID": "AKIATESTTESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "s3cret/key+x",
            "AWS_SESSION_TOKEN": "t0ken/of+session", "MLFLOW_S3_ENDPOINT_URL": address, "HOME": "/nowhere",
            "AZURE_STORAGE_SAS_TOKEN": "?sv=2021-12-02&sp=rwdl&sig=c2lnbmF0dXJl%3D",
            "AZURE_STORAGE_CONNECTION_STRING": "BlobEndpoint=\(address)/account",
            "GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.t0ken", "STORAGE_EMULATOR_HOST": address,
        ]
    }

    static let addresses = [
        "s3://finch/runs", "wasbs://finch@account.blob.core.windows.net/runs",
        "https://account.blob.core.windows.net/finch/runs", "gs://finch/runs",
    ]

    private func store(_ address: String, _ server: FakeServer) throws -> any ArtifactStore {
        try #require(
            try ArtifactStores.store(at: address, Self.environment(server.port), patience: .forTests))
    }

    @Test(arguments: addresses)
    func aBrokenDownloadGoesOnWhereItStopped(address: String) async throws {
        let bytes = pattern(1_000_000)
        let server = try FakeServer { request, number in
            let headers = ["ETag": "\"v1\"", "x-goog-generation": "7"]
            guard let range = request.headers.first(name: "Range")?.dropFirst(6).dropLast() else {
                return .init(headers: headers, bytes: bytes, cut: 300_000)
            }
            let rest = bytes.dropFirst(Int(range) ?? 0)
            return .init(status: 206, headers: headers, bytes: Data(rest), cut: number < 3 ? 200_000 : nil)
        }
        #expect(try await store(address, server).bytes("model.gguf") == bytes)
        let more = server.requests.dropFirst()
        #expect(more.count >= 3)
        for request in more {
            let isNamed = request.headers.first(name: "If-Match") == "\"v1\"" || request.path.contains("generation=7")
            #expect(isNamed, "\(request)")
        }
        try await server.stop()
    }

    @Test(arguments: addresses)
    func aFileThatChangesWhileItIsFetchedIsAnError(address: String) async throws {
        let server = try FakeServer { _, number in
            number == 0
                ? .init(headers: ["ETag": "\"v1\""], bytes: pattern(100_000), cut: 50_000)
                : .init(status: 412, body: "")
        }
        let error = await #expect(throws: TrackingError.self) { _ = try await store(address, server).bytes("a") }
        #expect(error?.description.contains("The file has changed while it was fetched. Fetch it again.") == true)
        try await server.stop()
    }

    @Test(arguments: addresses)
    func bytesWithAnotherDigestAreAnError(address: String) async throws {
        let digest = String(repeating: "0", count: 64)
        for headers in [
            ["x-amz-meta-sha256": digest, "x-ms-meta-sha256": digest, "x-goog-meta-sha256": digest],
            ["Content-MD5": "XUFAKrxLKna5cZ2REBfFkg=="], ["x-goog-hash": "md5=XUFAKrxLKna5cZ2REBfFkg=="],
        ] {
            let server = try FakeServer { _, _ in .init(headers: headers, bytes: Data("hallo".utf8)) }
            let error = await #expect(throws: TrackingError.self) { _ = try await store(address, server).bytes("a") }
            #expect(error?.description.contains("found the digest ") == true)
            try await server.stop()
        }
        let server = try FakeServer { _, _ in
            .init(headers: ["Content-MD5": "XUFAKrxLKna5cZ2REBfFkg=="], bytes: Data("hello".utf8))
        }
        #expect(try await store(address, server).bytes("a") == Data("hello".utf8))
        try await server.stop()
    }

    /// A store may repeat what it was sent.
    @Test(arguments: addresses)
    func secretsAreInNoErrorAndGoToNoOtherHost(address: String) async throws {
        let other = try FakeServer { _, _ in .init() }
        for status in [301, 307, 400, 403, 404, 500] {
            let server = try FakeServer { request, _ in
                let echo = "\(request.path) \(request.headers)"
                let text = xmlText(echo.replacing("\"", with: "'"))
                return .init(
                    status: status, headers: ["Location": "http://127.0.0.1:\(other.port)/x"],
                    body: "<?xml version=\"1.0\"?><Error><Code>Denied</Code><Message>\(text)</Message></Error>")
            }
            try await Workplace.withFolder { folder in
                let file = folder.appendingPathComponent("file").path
                try pattern(10).write(to: URL(fileURLWithPath: file))
                let store = try store(address, server)
                let calls: [() async throws -> Void] = [
                    { try await store.put(file, as: "a") }, { _ = try await store.bytes("a") },
                    { _ = try await store.list("") }, { try await store.delete("a") },
                ]
                for (index, call) in calls.enumerated() where !(status == 404 && index == 3) {
                    let error = await #expect(throws: TrackingError.self) { try await call() }
                    let text = error?.description ?? ""
                    #expect(
                        text.contains("the store answered \(status), Denied") && error?.isOutside == true, "\(text)")
                    for secret in Self.secrets { #expect(!text.contains(secret), "\(text)") }
                    #expect(!text.contains("sig="))
                }
            }
            try await server.stop()
        }
        #expect(other.requests.isEmpty)
        try await other.stop()
    }

    @Test func theTokenOfAnUploadGoesToNoOtherHost() async throws {
        let other = try FakeServer { _, _ in .init() }
        let server = try FakeServer { _, _ in .init(headers: ["Location": "http://localhost:\(other.port)/upload"]) }
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            try pattern(10).write(to: URL(fileURLWithPath: file))
            let error = await #expect(throws: TrackingError.self) {
                try await store("gs://finch", server).put(file, as: "a")
            }
            #expect(error?.description.contains("the store names another host for the upload") == true)
        }
        #expect(other.requests.isEmpty)
        try await server.stop()
        try await other.stop()
    }

    @Test func aPartThatCannotBeStoredEndsTheWholeUpload() async throws {
        let server = try FakeServer { request, _ in
            if request.path.contains("uploads=") { return .init(body: "<R><UploadId>u&amp;1</UploadId></R>") }
            return request.path.contains("partNumber=3") ? .init(status: 400) : .init(headers: ["ETag": "\"x\""])
        }
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            try Data().write(to: URL(fileURLWithPath: file))
            #expect(truncate(file, off_t(FileDigests.largestWhole + 1)) == 0)
            await #expect(throws: TrackingError.self) { try await store("s3://finch", server).put(file, as: "a") }
        }
        let asked = server.requests.map { "\($0.method) \($0.path)" }
        #expect(asked.last == "DELETE /finch/a?uploadId=u%261")
        #expect(asked.filter { $0.hasPrefix("PUT") }.count == 3)
        try await server.stop()
    }

    @Test func anAnswerOf200CanBeAnError() async throws {
        let server = try FakeServer { request, _ in
            if request.path.contains("uploads=") { return .init(body: "<R><UploadId>1</UploadId></R>") }
            return .init(headers: ["ETag": "\"x\""], body: "<Error><Code>InternalError</Code></Error>")
        }
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            try Data().write(to: URL(fileURLWithPath: file))
            #expect(truncate(file, off_t(FileDigests.largestWhole + 1)) == 0)
            let error = await #expect(throws: TrackingError.self) {
                try await store("s3://finch", server).put(file, as: "a")
            }
            #expect(error?.description.contains("could not be put together: InternalError") == true)
        }
        try await server.stop()
    }

    @Test(arguments: [
        ("s3://finch/a", [:], "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."),
        ("gs://finch/a", [:], "Set GOOGLE_OAUTH_ACCESS_TOKEN"),
        (
            "https://account.blob.core.windows.net/finch/a", ["AZURE_STORAGE_ACCOUNT": "account"],
            "Set AZURE_STORAGE_SAS_TOKEN"
        ),
        (
            "https://other.blob.core.windows.net/finch/a",
            ["AZURE_STORAGE_ACCOUNT": "account", "AZURE_STORAGE_SAS_TOKEN": "sv=1&sig=x"],
            "AZURE_STORAGE_ACCOUNT does not"
        ),
        ("s3://user@finch/a", [:], "it does not name a bucket"), ("s3:///a", [:], "it does not name a bucket"),
        ("gs://fin%2Fch/a", [:], "it does not name a bucket"),
    ])
    func whatIsMissingIsNamed(address: String, environment: [String: String], expected: String) {
        let error = #expect(throws: TrackingError.self) {
            try ArtifactStores.store(at: address, environment.merging(["HOME": "/nowhere"]) { $1 })
        }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "mlflow-artifacts:/1", "https://example.com/a", "https://a.blob.core.example.com/c",
        "wasbs://a.blob.core.windows.net/c",
        "dbfs:/x", "model.gguf", "",
    ])
    func anotherAddressIsNoStore(address: String) throws {
        #expect(try ArtifactStores.store(at: address, Self.environment(1)) == nil)
    }
}
