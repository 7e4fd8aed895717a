import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ContainerImage

/// What a registry can make a client connect to.
@Suite struct PrivateRedirectTests {
    /// A client in whose network each name has one address.
    private func withTransport(
        _ addresses: [String: String], _ environment: [String: String] = [:],
        _ body: (Transport, Shared<[String]>) async throws -> Void
    ) async throws {
        let asked = Shared<[String]>([])
        let transport = Transport(environment: environment) { host in
            asked.value += [host]
            return addresses[host].map { [$0] } ?? []
        }
        do {
            try await body(transport, asked)
        } catch {
            try await transport.shutdown()
            throw error
        }
        try await transport.shutdown()
    }

    /// A registry that redirects requests of blobs to `base`.
    private func registry(redirectingTo base: String) async throws -> FakeRegistry {
        let registry = try FakeRegistry { request, _ in
            guard request.method == .GET, request.path.contains("/blobs/") else { return nil }
            return .init(status: 307, headers: ["Location": "\(base)\(request.path)?signature=secret"])
        }
        try await registry.connect("a/b:1").push(.image(try await SeededImage.image()))
        return registry
    }

    @Test(arguments: [
        ("storage.example", "127.0.0.1"), ("storage.example", "10.1.2.3"), ("storage.example", "169.254.169.254"),
        ("storage.example", "fd00::1"), ("storage.example", "fe80::1"), ("storage.example", "::1"),
        ("storage.example", "::ffff:127.0.0.1"), ("127.0.0.1", ""), ("localhost", ""),
    ])
    func aRedirectToAPrivateAddressIsNotFollowed(host: String, address: String) async throws {
        let other = try FakeRegistry()
        let registry = try await registry(redirectingTo: "http://\(host):\(other.port)")
        try await withTransport(address.isEmpty ? [:] : [host: address]) { transport, _ in
            let error = await #expect(throws: ContainerImageError.self) {
                try await registry.connect("a/b:1", transport: transport).pull()
            }
            let text = "\(try #require(error))"
            #expect(text.contains("with a redirect to http://\(host):\(other.port)/v2/a/b/blobs/sha256:"), "\(text)")
            #expect(text.contains("It is a private address") && text.contains("--allow-private-redirects"), "\(text)")
            #expect(!text.contains("secret") && error?.isOutside == true)
        }
        #expect(other.requests.isEmpty)
    }

    @Test func aRedirectToAPrivateAddressIsFollowedIfTheUserAllowsIt() async throws {
        let storage = FakeRegistry.Storage()
        let other = try FakeRegistry(storage: storage)
        let registry = try FakeRegistry(storage: storage) { request, _ in
            guard request.method == .GET, request.path.contains("/blobs/"), request.query["there"] == nil else {
                return nil
            }
            return .init(status: 307, headers: ["Location": "http://localhost:\(other.port)\(request.path)?there=1"])
        }
        try await registry.connect("a/b:1").push(.image(try await SeededImage.image()))
        await #expect(throws: ContainerImageError.self) { try await registry.connect("a/b:1").pull() }
        let client = try await registry.connect("a/b:1", allowsPrivateRedirects: true)
        for image in try await client.pull().images { try await image.verify() }
    }

    @Test func anUploadAndATokenServiceAtAPrivateAddressAreRefused() async throws {
        let other = try FakeRegistry()
        let registry = try FakeRegistry()
        registry.continueUploads(at: "http://storage.example:\(other.port)")
        let image = try await SeededImage.image()
        try await withTransport(["storage.example": "127.0.0.1"]) { transport, _ in
            let error = await #expect(throws: ContainerImageError.self) {
                try await registry.connect("a/b:1", transport: transport).push(.image(image))
            }
            #expect("\(try #require(error))".contains("--allow-private-redirects"))
            let closed = try FakeRegistry { request, _ in
                .init(
                    status: 401,
                    headers: ["WWW-Authenticate": "Bearer realm=\"http://storage.example:\(other.port)/token\""])
            }
            let login = ["REGISTRY_HOST": closed.host, "REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": "hunter22"]
            let refusal = await #expect(throws: ContainerImageError.self) {
                try await closed.connect("a/b:1", credentials: login, transport: transport).pull()
            }
            #expect("\(try #require(refusal))".contains("token service 'http://storage.example:"))
            #expect("\(try #require(refusal))".contains("--allow-private-redirects"))
        }
        #expect(other.requests.isEmpty)
    }

    @Test func aClientConnectsToTheAddressThatWasCheckedAndLooksItUpOnce() async throws {
        let other = try FakeRegistry { _, _ in .init(status: 200, body: ByteBuffer(string: "here")) }
        try await withTransport(["storage.example": "127.0.0.1"]) { transport, asked in
            let url = try #require(URL(string: "http://storage.example:\(other.port)/v2/x"))
            for _ in 0..<3 {
                // Nothing listens at the first address, so the second one is used.
                let addresses = ["::1"] + (try await transport.pinned.addresses(of: "storage.example"))
                let answer = try await transport.send(.GET, url, addresses: addresses)
                #expect(await answer.body() == ByteBuffer(string: "here"))
            }
            #expect(asked.value == ["storage.example"])
        }
        #expect(
            other.requests.map { $0.headers.first(name: "Host") }
                == .init(repeating: "storage.example:\(other.port)", count: 3))
    }

    @Test func aRegistryCannotNameHostsWithoutEnd() async throws {
        try await withTransport(Dictionary(uniqueKeysWithValues: (0..<65).map { ("h\($0)", "8.8.8.8") })) {
            transport, _ in
            for index in 0..<64 { _ = try await transport.pinned.addresses(of: "h\(index)") }
            await #expect(throws: ContainerImageError.self) { try await transport.pinned.addresses(of: "h64") }
            #expect(try await transport.pinned.addresses(of: "h1") == ["8.8.8.8"])
        }
    }

    @Test func aProxyLooksUpNamesItself() async throws {
        let base = try #require(URL(string: "https://registry.example/v2/"))
        let url = try #require(URL(string: "https://storage.example/x"))
        try await withTransport([:], ["HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "inside.example"]) {
            transport, asked in
            #expect(try await RedirectPolicy(base: base).addresses(for: url, transport) == nil)
            let address = try #require(URL(string: "https://10.0.0.1/x"))
            await #expect(throws: RedirectPolicy.Refusal.self) {
                try await RedirectPolicy(base: base).addresses(for: address, transport)
            }
            #expect(asked.value.isEmpty)
        }
    }

    @Test func theSystemResolvesTheNameOfThisMachine() async {
        let found = await Host.resolve("localhost")
        #expect(!found.isEmpty && found.allSatisfy(Host.isPrivate))
        #expect(await Host.resolve("no-such-name.invalid").isEmpty)
    }
}
