import Fixtures
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ContainerImage

/// Bytes from outside may be wrong in any way; the result is an error, never a crash or a security hole.
@Suite struct HostileTests {
    private func header(_ path: String, size: Int64, kind: TarHeader.Kind = .file) -> ByteBuffer {
        TarHeader(path: path, kind: kind, size: size, mode: 0o644).encoded()
    }

    private func read(_ tar: ByteBuffer) async throws {
        var reader = TarReader(try await ByteStream(Content(tar)), named: "test")
        while try await reader.next() != nil {}
        try await reader.finish()
    }

    private func pax(_ record: String) -> ByteBuffer {
        var bytes = header("pax", size: Int64(record.utf8.count), kind: .other(UInt8(ascii: "x")))
        bytes.writeString(record)
        bytes.writeRepeatingByte(0, count: TarHeader.padding(after: Int64(record.utf8.count)))
        return bytes
    }

    @Test(arguments: ["11 size=-5\n", "28 size=9223372036854775807\n", "0 a=b\n", "99 a=b\n", "x", "6 =\n\n\n"])
    func anInvalidRecordDoesNotCrash(record: String) async throws {
        var tar = pax(record)
        var entry = header("f", size: 0)
        tar.writeBuffer(&entry)
        tar.writeRepeatingByte(0, count: 1024)
        try? await read(tar)
    }

    @Test func manyRecordsWithoutAnEntryAreAnError() async throws {
        var tar = ByteBuffer()
        for _ in 0..<100 {
            var one = pax("9 a=bcd\n\n")
            tar.writeBuffer(&one)
        }
        let all = tar
        await #expect(throws: ContainerImageError.self) { try await read(all) }
    }

    @Test func anEntryLongerThanItsTarIsAnError() async throws {
        var tar = header("f", size: 7_000_000_000)
        tar.writeRepeatingByte(0, count: 512)
        let cut = tar
        await #expect(throws: ContainerImageError.self) { try await read(cut) }
    }

    @Test func aFrameThatGrowsAThousandTimesIsInflatedInChunks() async throws {
        var bytes = ByteBuffer()
        try await Gzip.compress(try await Content(ByteBuffer(repeating: 0, count: 64 << 20)).reader()) { piece in
            var piece = piece
            bytes.writeBuffer(&piece)
        }
        #expect(bytes.readableBytes < 400_000)
        var rest: ByteBuffer? = bytes
        let reader = Gzip.inflated(
            {
                defer { rest = nil }
                return rest
            }, named: "test")
        var total = 0
        while let chunk = try await reader() {
            #expect(chunk.readableBytes <= Content.chunk)
            total += chunk.readableBytes
        }
        #expect(total == 64 << 20)
    }

    @Test(arguments: [-1, Int64.max])
    func anInvalidSizeIsRefused(size: Int64) throws {
        let json = #"{"mediaType":"x","digest":"sha256:\#(String(repeating: "a", count: 64))","size":\#(size)}"#
        #expect(throws: ContainerImageError.self) {
            try Document.decode(Descriptor.self, from: ByteBuffer(string: json), named: "test")
        }
    }

    @Test func aTokenThatNeverExpiresDoesNotCrash() async throws {
        let port = Shared<Int>(0)
        let registry = try FakeRegistry { request, _ in
            if request.path == "/token" {
                return .init(status: 200, body: ByteBuffer(string: #"{"token":"t","expires_in":1e300}"#))
            }
            guard request.headers.first(name: "Authorization") == nil else { return nil }
            return .init(
                status: 401, headers: ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:\(port.value)/token\""])
        }
        port.value = registry.port
        try await registry.connect("a/b:1").push(.image(try await SeededImage.image()))
    }

    @Test(arguments: [401, 403, 404, 405])
    func aBlobWhoseMountIsRefusedIsSent(status: Int) async throws {
        let registry = try FakeRegistry { request, _ in request.query["mount"] != nil ? .init(status: status) : nil }
        try await registry.connect("first/one:1").push(.image(try await SeededImage.image()))
        try await registry.connect("second:1").push(try await registry.connect("first/one:1").pull())
        #expect(registry.brokenTags.isEmpty)
    }

    @Test func aTokenForAMountHasOneScopePerParameter() async throws {
        let port = Shared<Int>(0)
        let scopes = Shared<[String]>([])
        let registry = try FakeRegistry { request, _ in
            if request.path == "/token" {
                scopes.value.append(request.headers.first(name: "X-Query") ?? request.query["scope"] ?? "")
                return .init(status: 200, body: ByteBuffer(string: #"{"token":"t"}"#))
            }
            guard request.headers.first(name: "Authorization") == nil else { return nil }
            return .init(
                status: 401, headers: ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:\(port.value)/token\""])
        }
        port.value = registry.port
        try await registry.connect("first/one:1").push(.image(try await SeededImage.image()))
        try await registry.connect("second:1").push(try await registry.connect("first/one:1").pull())
        #expect(scopes.value.allSatisfy { !$0.contains(" ") })
    }

    @Test func anErrorOfARegistryCannotControlATerminal() async throws {
        let registry = try FakeRegistry { request, _ in
            guard request.method == .PUT else { return nil }
            let body = #"{"errors":[{"code":"X","message":"a\u001b[2J\n::add-mask::b"}]}"#
            return .init(status: 403, body: ByteBuffer(string: body))
        }
        let image = try await SeededImage.image()
        let error = await #expect(throws: ContainerImageError.self) {
            try await registry.connect("a/b:1").push(.image(image))
        }
        let text = "\(try #require(error))"
        #expect(!text.contains("\u{1B}") && !text.contains("\n"))
    }

    @Test func aChangedFileIsNotTakenFromAPinnedImage() async throws {
        let registry = try FakeRegistry()
        let image = try await SeededImage.image()
        try await registry.connect("a/b:1").push(.image(image))
        let plain = image.layers[1].descriptor.digest
        let size = Int(image.layers[1].descriptor.size)
        registry.storage.state.withLock { state in
            guard var blob = state.blobs["a/b"]?[plain] else { return }
            blob.setInteger(UInt8(0x55), at: blob.readerIndex + size / 2)
            state.blobs["a/b"]?[plain] = blob
        }
        let pulled = try await registry.connect("a/b@\(image.descriptor.digest)").pull().images[0]
        await #expect(throws: ContainerImageError.self) {
            try await ImageContents(of: pulled, keeping: ["/opt/layer1/file": .max])
        }
    }

    @Test func anIndexMayListAnArtifact() async throws {
        let registry = try FakeRegistry()
        let image = try await SeededImage.image()
        let client = try await registry.connect("a/b:1")
        try await client.push(.image(image.attaching(sbom: ByteBuffer(string: "{}"))))
        let artifact = registry.storage.state.withLock { state in
            state.manifests["a/b"]?.first {
                $0.key.hasPrefix("sha256:") && Digest(of: $0.value.bytes) != image.descriptor.digest
                    && String(buffer: $0.value.bytes).contains("artifactType")
                    && $0.value.type == MediaType.manifest.rawValue
            }
        }
        let found = try #require(artifact)
        let descriptor = Descriptor(
            mediaType: .manifest, digest: try #require(Digest(found.key)), size: Int64(found.value.bytes.readableBytes))
        let index = try Document.encode(Index(manifests: [image.descriptor, descriptor]))
        try await client.put(
            index, Descriptor(mediaType: .index, digest: Digest(of: index), size: Int64(index.readableBytes)),
            as: "both")
        let pulled = try await registry.connect("a/b:both").pull()
        #expect(pulled.images.map(\.descriptor.digest) == [image.descriptor.digest])
        await #expect(throws: ContainerImageError.self) { try await registry.connect("c:1").push(pulled) }
    }
}
