import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ContainerImage

/// A push succeeds completely or fails with a clear error, and no tag ever stands for an incomplete image.
@Suite struct PushFaultTests {
    /// Pushes an image to a registry with a fault, and checks what the registry has afterwards.
    private func push(
        credentials: [String: String] = [:], cutUploads: (bytes: Int, times: Int) = (0, 0), image: Image? = nil,
        _ fault: @escaping FakeRegistry.Fault
    ) async throws -> FakeRegistry {
        let registry = try FakeRegistry(cutUploads: cutUploads, fault: fault)
        try await expectWhole(registry, credentials: credentials, image: image)
        return registry
    }

    private func expectWhole(
        _ registry: FakeRegistry, credentials: [String: String] = [:], image: Image? = nil,
        allowsPrivateRedirects: Bool = false
    ) async throws {
        let image = if let image { image } else { try await SeededImage.image() }
        let client = try await registry.connect(
            "a/b:1", credentials: credentials, allowsPrivateRedirects: allowsPrivateRedirects)
        let digest = try await client.push(.image(image))
        #expect(digest == image.descriptor.digest)
        #expect(registry.brokenTags.isEmpty)
        let pulled = try await client.pull()
        #expect(pulled.descriptor.digest == digest)
        for image in pulled.images { try await image.verify() }
    }

    private static let basic = "Basic \(Data("me:secret".utf8).base64EncodedString())"

    private func login(_ host: String) -> [String: String] {
        ["REGISTRY_HOST": host, "REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": "secret"]
    }

    @Test func aRegistryThatWantsAPasswordGetsIt() async throws {
        let registry = try FakeRegistry { request, _ in
            guard request.headers.first(name: "Authorization") != Self.basic else { return nil }
            return .init(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"here\""])
        }
        try await expectWhole(registry, credentials: login(registry.host))
    }

    @Test(arguments: ["token", "access_token"])
    func aRegistryThatWantsATokenGetsOneForTheRightScope(key: String) async throws {
        let port = Shared<Int>(0)
        let registry = try FakeRegistry { request, _ in
            if request.path == "/token" {
                guard request.headers.first(name: "Authorization") == Self.basic, request.query["service"] == "here"
                else {
                    return .init(status: 401)
                }
                let token = "token-for-\(request.query["scope"] ?? "")"
                return .init(status: 200, body: ByteBuffer(string: "{\"\(key)\":\"\(token)\"}"))
            }
            let wanted = ["repository:a/b:pull,push", "repository:a/b:pull"].map { "Bearer token-for-\($0)" }
            guard !wanted.contains(request.headers.first(name: "Authorization") ?? "") else { return nil }
            return .init(
                status: 401,
                headers: ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:\(port.value)/token\", service=here"])
        }
        port.value = registry.port
        try await expectWhole(registry, credentials: login(registry.host))
    }

    @Test func aTokenThatExpiresDuringAnUploadIsReplaced() async throws {
        let port = Shared<Int>(0)
        let issued = Shared<Int>(0)
        let registry = try FakeRegistry { request, _ in
            if request.path == "/token" {
                issued.value += 1
                return .init(status: 200, body: ByteBuffer(string: "{\"token\":\"t\(issued.value)\"}"))
            }
            // The first token is valid for everything but uploads.
            let token = request.headers.first(name: "Authorization")
            let isValid = token == "Bearer t1" && request.method != .PUT || token.map { $0 > "Bearer t1" } == true
            guard !isValid else { return nil }
            return .init(
                status: 401, headers: ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:\(port.value)/token\""])
        }
        port.value = registry.port
        try await expectWhole(registry)
        #expect(issued.value >= 2)
    }

    @Test func anUploadThatContinuesAtAnotherHostSendsNoCredentials() async throws {
        let storage = FakeRegistry.Storage()
        let other = try FakeRegistry(storage: storage)
        let registry = try FakeRegistry(storage: storage) { request, _ in
            guard request.headers.first(name: "Authorization") != Self.basic else { return nil }
            return .init(status: 401, headers: ["WWW-Authenticate": "Basic realm=here"])
        }
        registry.continueUploads(at: "http://localhost:\(other.port)")
        try await expectWhole(registry, credentials: login(registry.host), allowsPrivateRedirects: true)
        let there = registry.requests.filter { $0.headers.first(name: "Host") == "localhost:\(other.port)" }
        #expect(!there.isEmpty)
        #expect(there.allSatisfy { $0.headers.first(name: "Authorization") == nil })
    }

    @Test func aBlobOfAnotherRepositoryIsMounted() async throws {
        let registry = try FakeRegistry()
        let image = try await SeededImage.image()
        try await registry.connect("first/one:1").push(.image(image))
        let copy = try await registry.connect("first/one:1").pull()
        try await registry.connect("second:1").push(copy)
        #expect(registry.brokenTags.isEmpty)
        #expect(registry.requests.count { $0.query["mount"] != nil && $0.query["from"] == "first/one" } == 3)
        // The configuration is not a layer, so it is sent again.
        #expect(registry.requests.count { $0.method == .PUT && $0.path.hasPrefix("/v2/second/blobs") } == 1)
    }

    @Test func aBlobThatCannotBeMountedIsSent() async throws {
        let registry = try FakeRegistry { request, _ in
            guard request.query["mount"] != nil else { return nil }
            return .init(status: 202, headers: ["Location": "/v2/second/blobs/uploads/77?state=a%2Fb"])
        }
        try await registry.connect("first/one:1").push(.image(try await SeededImage.image()))
        try await registry.connect("second:1").push(try await registry.connect("first/one:1").pull())
        #expect(registry.brokenTags.isEmpty)
        #expect(registry.requests.count { $0.method == .PUT && $0.path.hasPrefix("/v2/second/blobs") } == 4)
    }

    @Test func anUploadThatIsRefusedStartsAgain() async throws {
        let refused = Shared<Int>(0)
        let registry = try await push { request, _ in
            guard request.method == .PUT, request.path.contains("/uploads/"), refused.value < 1 else { return nil }
            refused.value += 1
            return .init(status: 416)
        }
        let sessions = registry.requests.filter { $0.method == .PUT && $0.path.contains("/uploads/") }.map(\.path)
        #expect(Set(sessions).count == sessions.count, "an upload address was used twice")
    }

    @Test func theWaitIsAsLongAsTheServerAsksFor() async throws {
        let registry = try await push { request, count in
            request.method == .POST && count < 2 ? .init(status: 429, headers: ["Retry-After": "7"]) : nil
        }
        #expect(registry.waits.durations.withLock { $0.contains { $0 >= .seconds(7) } })
    }

    @Test(arguments: [500, 502, 503, 504])
    func aServerErrorIsRetried(status: Int) async throws {
        let seen = Shared<Set<String>>([])
        _ = try await push { request, _ in
            let kind = "\(request.method) \(request.path.contains("/uploads/") ? "upload" : request.path)"
            return seen.value.insert(kind).inserted ? .init(status: status) : nil
        }
    }

    @Test func aBrokenConnectionIsRetriedInANewUpload() async throws {
        _ = try await push(cutUploads: (bytes: 100_000, times: 2)) { _, _ in nil }
    }

    @Test func everythingIsSentIfTheRegistryDoesNotAnswerHeadRequests() async throws {
        _ = try await push { request, _ in request.method == .HEAD ? .init(status: 403) : nil }
    }

    @Test func aLocationMayBeRelativeOrAbsolute() async throws {
        let registry = try FakeRegistry()
        try await expectWhole(registry)
        registry.continueUploads(at: "http://127.0.0.1:\(registry.port)")
        try await expectWhole(registry, image: try await SeededImage.image(2))
    }

    @Test(arguments: [
        (403, "may write"), (500, "registry has a problem"), (413, "an upload of this size"),
    ])
    func aPushThatCannotSucceedSaysWhyAndMovesNoTag(status: Int, advice: String) async throws {
        let registry = try FakeRegistry { request, _ in
            request.method == .PUT && request.path.contains("/uploads/")
                ? .init(
                    status: status, body: ByteBuffer(string: #"{"errors":[{"code":"DENIED","message":"not for you"}]}"#)
                )
                : nil
        }
        let image = try await SeededImage.image()
        let error = await #expect(throws: ContainerImageError.self) {
            try await registry.connect("a/b:1").push(.image(image))
        }
        #expect("\(try #require(error))".contains(advice))
        #expect("\(try #require(error))".contains("DENIED: not for you"))
        #expect(registry.storage.state.withLock { $0.manifests.isEmpty })
    }

    @Test func aRegistryThatDoesNotAnswerIsUnreachable() async throws {
        let registry = try FakeRegistry()
        registry.close()
        let error = await #expect(throws: ContainerImageError.self) {
            try await registry.connect("a/b:1", attempts: 2).push(.image(try await SeededImage.image()))
        }
        #expect(try #require(error).isOutside)
    }

    @Test func theTagMovesOnceAndLast() async throws {
        let registry = try FakeRegistry()
        let images = [try await SeededImage.image(1), try await SeededImage.image(2, platform: .arm64)]
        let index = ImageOrIndex.index(try ImageIndex(images.map { $0.attaching(sbom: ByteBuffer(string: "{}")) }))
        try await registry.connect("a/b:1").push(index)
        let writes = registry.requests.filter { $0.method == .PUT }.map(\.path)
        #expect(writes.count { $0 == "/v2/a/b/manifests/1" } == 1)
        #expect(writes.last == "/v2/a/b/manifests/1")
        #expect(registry.brokenTags.isEmpty)
    }
}
