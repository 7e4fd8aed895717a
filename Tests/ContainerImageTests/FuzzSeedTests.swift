import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    private func data(_ bytes: ByteBuffer) -> Data { Data(bytes.readableBytesView) }

    private func tar(_ files: [(path: String, bytes: ByteBuffer)]) async throws -> ByteBuffer {
        var tree = FileTree()
        for file in files { try tree.add(file.path, Content(file.bytes), mode: 0o644) }
        return try await tree.tar(modified: 0).collect(upTo: 1 << 24, named: "seed")
    }

    /// An image as `docker save` writes it, whose layers have no digest to match.
    private func dockerImage(_ layers: [ByteBuffer]) async throws -> ByteBuffer {
        let image = try await SeededImage.image(size: 100)
        let names = layers.indices.map { "\($0)/layer.tar" }
        let docker = DockerImage(config: "config.json", layers: names, repoTags: ["a:1"])
        var configuration = image.configuration
        configuration.rootfs.diffIDs = layers.map { Digest(of: $0) }
        var files: [(path: String, bytes: ByteBuffer)] = [
            ("/manifest.json", try Document.encode([docker])), ("/config.json", try Document.encode(configuration)),
        ]
        for (name, layer) in zip(names, layers) { files.append(("/\(name)", layer)) }
        return try await tar(files)
    }

    /// The byte before a tar is the size of the pieces in which it is read.
    @Test func theFuzzerOfTarsStartsWithImagesAndEveryKindOfEntry() async throws {
        let plain = try await tar([
            ("/" + String(repeating: "long/", count: 60) + "é", SeededImage.bytes(700, seed: 1)), ("/b", ByteBuffer()),
        ])
        var links = ByteBuffer()
        for kind in [TarHeader.Kind.symbolicLink("b"), .hardLink(String(repeating: "x", count: 150)), .directory] {
            links.writeImmutableBuffer(TarHeader(path: "a/.wh.b", kind: kind, mode: 0o755).encoded())
        }
        links.writeRepeatingByte(0, count: 2 * TarHeader.block)
        let compressed = try await SeededImage.image(size: 100).layers[0].content.collect(upTo: 1 << 20, named: "seed")
        let image = try await Archive.content(
            .image(try await SeededImage.image(size: 100)), reference: try Reference("a:1"), modified: 0
        ).collect(upTo: 1 << 20, named: "seed")
        let tars = [plain, links, image, try await dockerImage([plain, links]), try await dockerImage([compressed])]
        try FuzzSeeds.write("Tar", tars.map { Data([0xFF]) + data($0) })
    }

    /// The byte before a document says what it is.
    @Test func theFuzzerOfRegistryDocumentsStartsWithEveryDocument() async throws {
        let image = try await SeededImage.image(size: 100).annotated(["a": "b"])
        let index = try ImageIndex([image, try await SeededImage.image(2, size: 100, platform: .arm64)])
        let docker = DockerImage(config: "config.json", layers: ["layer.tar"], repoTags: ["a:1"])
        let texts: [(UInt8, String)] = [
            (4, #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="a:b/c:pull""#),
            (4, #"Basic realm="a \"quoted\" one", Bearer realm = r"#), (5, "localhost:5000/a/b_c-d.e:v1.2"),
            (5, "docker.io/library/a@sha256:\(String(repeating: "0a", count: 32))"),
            (6, #"{"auths":{"ghcr.io":{"auth":"bWU6c2U6Y3JldA=="},"ghcr.io/owner":{"identitytoken":"t"}}}"#),
            (6, #"{"credHelpers":{"ghcr.io":"x"},"credsStore":"y","auths":{"a":{"username":"b","password":"c"}}}"#),
        ]
        let documents: [(UInt8, Data)] = [
            (0, data(index.bytes)), (1, data(image.manifestBytes)), (2, data(image.configurationBytes)),
            (3, data(try Document.encode([docker]))),
            (7, data(image.manifestBytes) + Data([0]) + data(image.configurationBytes)),
        ]
        let seeds = documents + texts.map { ($0, Data($1.utf8)) }
        try FuzzSeeds.write("RegistryDocuments", seeds.map { Data([$0]) + $1 })
    }
}
