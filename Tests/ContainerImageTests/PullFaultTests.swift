import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ContainerImage

/// A pull from a registry with faults returns the right bytes or fails.
@Suite struct PullFaultTests {
    private func pull(_ fault: @escaping FakeRegistry.Fault) async throws {
        let registry = try FakeRegistry(fault: fault)
        try await registry.connect("a/b:1").push(.image(try await SeededImage.image()))
        for image in try await registry.connect("a/b:1").pull().images { try await image.verify() }
    }

    @Test func aBlobThatIsCutShortIsAnError() async throws {
        await #expect(throws: ContainerImageError.self) {
            try await pull { request, _ in
                guard request.method == .GET, request.path.contains("/blobs/") else { return nil }
                return .init(status: 200, body: SeededImage.bytes(100, seed: 1), cutsBody: true)
            }
        }
    }

    @Test func aManifestThatIsCutShortIsFetchedAgain() async throws {
        try await pull { request, count in
            guard request.method == .GET, request.path.contains("/manifests/"), count == 0 else { return nil }
            return .init(
                status: 200, headers: ["Content-Type": MediaType.manifest.rawValue],
                body: SeededImage.bytes(100, seed: 1), cutsBody: true)
        }
    }

    @Test(arguments: [100, 400_000])
    func aBlobWithOtherBytesIsAMismatch(size: Int) async throws {
        let error = await #expect(throws: ContainerImageError.self) {
            try await pull { request, _ in
                guard request.method == .GET, request.path.contains("/blobs/") else { return nil }
                return .init(status: 200, body: SeededImage.bytes(size, seed: 1))
            }
        }
        guard case .mismatch = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aManifestWithAnotherDigestIsRefused() async throws {
        let registry = try FakeRegistry()
        let image = try await SeededImage.image()
        try await registry.connect("a/b:1").push(.image(image))
        let other = try await SeededImage.image(2).descriptor.digest
        registry.storage.state.withLock { state in
            let wrong = state.manifests["a/b"]?["1"]
            state.manifests["a/b"]?["\(other)"] = wrong
        }
        await #expect(throws: ContainerImageError.self) { try await registry.connect("a/b@\(other)").pull() }
    }

    @Test func aRedirectToAnotherHostSendsNoCredentials() async throws {
        let storage = FakeRegistry.Storage()
        let other = try FakeRegistry(storage: storage)
        let registry = try FakeRegistry(storage: storage) { request, _ in
            guard request.headers.first(name: "Authorization") != nil else {
                return .init(status: 401, headers: ["WWW-Authenticate": "Basic realm=here"])
            }
            guard request.method == .GET, request.path.contains("/blobs/") else { return nil }
            return .init(
                status: 307, headers: ["Location": "http://localhost:\(other.port)\(request.path)?signature=s"])
        }
        let login = ["REGISTRY_HOST": registry.host, "REGISTRY_USERNAME": "me", "REGISTRY_PASSWORD": "secret"]
        let image = try await SeededImage.image()
        let client = try await registry.connect("a/b:1", credentials: login, allowsPrivateRedirects: true)
        try await client.push(.image(image))
        for image in try await client.pull().images { try await image.verify() }
        let there = registry.requests.filter { $0.query["signature"] == "s" }
        #expect(there.count == 4)
        #expect(there.allSatisfy { $0.headers.first(name: "Authorization") == nil })
    }

    @Test func aPulledImageEqualsThePushedOneByteForByte() async throws {
        let registry = try FakeRegistry()
        let images = [try await SeededImage.image(1), try await SeededImage.image(2, platform: .arm64)]
        let index = ImageOrIndex.index(try ImageIndex(images))
        try await registry.connect("a/b:1").push(index)
        let pulled = try await registry.connect("a/b:1").pull()
        #expect(pulled.descriptor == index.descriptor)
        #expect(pulled.images.map(\.descriptor) == images.map(\.descriptor))
    }

    @Test func aBillOfMaterialsIsFoundByTheDigestOfTheImage() async throws {
        let registry = try FakeRegistry()
        let image = try await SeededImage.image().attaching(sbom: ByteBuffer(string: #"{"spdxVersion":"SPDX-2.3"}"#))
        for tag in ["1", "2"] { try await registry.connect("a/b:\(tag)").push(.image(image)) }
        let list = registry.storage.state.withLock { $0.manifests["a/b"]?["sha256-\(image.descriptor.digest.hex)"] }
        let index = try JSONDecoder().decode(Index.self, from: Data(try #require(list).bytes.readableBytesView))
        #expect(index.manifests.count == 1)
        #expect(index.manifests[0].artifactType == .spdx)
    }
}
