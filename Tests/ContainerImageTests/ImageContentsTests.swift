import Fixtures
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import ContainerImage

@Suite struct ImageContentsTests {
    /// An image whose layers have files with the given sizes.
    private func image(_ layers: [[String: Int]]) async throws -> Image {
        var image = try Image.scratch(.amd64)
        for layer in layers {
            var files = FileTree()
            for (path, size) in layer {
                try files.add(path, Content(ByteBuffer(repeating: 1, count: size)), mode: 0o444)
            }
            image = try image.appending(try await Layer(files, compression: .gzip, modified: 0, createdBy: ""))
        }
        return image
    }

    /// The same image, whose layers are read through `change` of their bytes.
    private func replacing(_ image: Image, _ change: (Layer) -> Content) throws -> Image {
        var copy = try Image.scratch(.amd64)
        for layer in image.layers {
            copy = try copy.appending(
                Layer(
                    descriptor: layer.descriptor, diffID: layer.diffID, content: change(layer),
                    createdBy: layer.createdBy))
        }
        return copy
    }

    // MARK: - Sizes

    @Test func filesAreCountedOnceAndTheLargestComesFirst() async throws {
        let contents = try await ImageContents(of: image([["/a": 100, "/b/c": 300], ["/a": 50, "/d": 7]]))
        #expect(contents.unpacked == 357)
        #expect(contents.files.map(\.path) == ["/b/c", "/a", "/d"])
        #expect(contents.files.map(\.size) == [300, 50, 7])
        #expect(contents.found.isEmpty)
    }

    @Test func filesThatALayerRemovesAreNotCounted() async throws {
        let contents = try await ImageContents(
            of: image([
                ["/a": 1, "/b/c": 2, "/b/d/e": 4, "/f/g": 8], ["/.wh.a": 0, "/b/.wh.d": 0],
                ["/f/.wh..wh..opq": 0, "/f/h": 16],
            ]))
        #expect(contents.files.map(\.path) == ["/f/h", "/b/c"])
        #expect(contents.unpacked == 18)
    }

    @Test func aFileThatBecomesAFolderAndBackIsCountedOnce() async throws {
        let contents = try await ImageContents(of: image([["/a": 1000, "/b/c": 1000], ["/a/x": 1], ["/b": 2]]))
        #expect(contents.files.map(\.path) == ["/b", "/a/x"])
        #expect(contents.unpacked == 3)
    }

    @Test func theCompressedSizeIsThatOfTheBlobs() async throws {
        let image = try await SeededImage.image()
        let contents = try await ImageContents(of: image)
        #expect(contents.compressed == image.layers.reduce(image.manifest.config.size) { $0 + $1.descriptor.size })
        #expect(contents.largestLayer == image.layers.map(\.descriptor.size).max())
        #expect(contents.compressions == [.none, .gzip])
    }

    /// Swift takes é and e with an accent for equal, and a slash with an accent for one character, but Linux does not.
    @Test func namesAreBytes() async throws {
        let layer = RawLayer.layer(paths: ["caf\u{E9}", "cafe\u{301}", "a/\u{301}b", ".wh.gone\u{E9}"])
        let base = try await image([["/gonee\u{301}": 1]])
        let contents = try await ImageContents(of: base.appending(layer))
        let bytes = contents.files.map { Array($0.path.utf8) }
        #expect(
            Set(bytes)
                == Set(["/caf\u{E9}", "/cafe\u{301}", "/a/\u{301}b", "/gonee\u{301}"].map { Array($0.utf8) }))
        let removed = try await ImageContents(
            of: base.appending(RawLayer.layer(paths: ["a/b", "a\u{2F}\u{301}c", ".wh.a"])))
        #expect(removed.files.map(\.path).count == 3)
    }

    @Test func aWhiteoutConcernsOnlyTheLayersBelow() async throws {
        // In a tar, a whiteout may come after the file that replaces what it removes.
        let layer = RawLayer.layer(paths: ["a", "b/new", ".wh.a", "b/.wh..wh..opq", "c/.wh.gone"])
        let base = try await image([["/a": 1, "/b/old": 2, "/c/gone/x": 3, "/c/stays": 4]])
        let contents = try await ImageContents(of: base.appending(layer))
        #expect(contents.files.map(\.path) == ["/c/stays", "/a", "/b/new"])
        #expect(contents.unpacked == 4)
    }

    // MARK: - Wanted files

    private func bytes(_ file: ImageFile?) -> Data? {
        file?.descriptor.flatMap { FileManager.default.contents(atPath: "/proc/self/fd/\($0)") }
    }

    @Test func theHighestVersionOfAFileIsKept() async throws {
        let image = try await image([["/a": 100, "/b": 3], ["/a": 50], ["/c": 1]])
        let contents = try await ImageContents(of: image, keeping: ["/a": .max, "/c": 0, "/d": .max])
        #expect(contents.found.keys.sorted() == ["/a", "/c"])
        #expect(bytes(contents.found["/a"]) == Data(repeating: 1, count: 50))
        #expect(contents.found["/c"]?.descriptor == nil)
        #expect(contents.found["/c"]?.digest == Digest(of: ByteBuffer(repeating: 1, count: 1)))
    }

    @Test func theRestOfAFileOfWhichOnlyTheStartIsKeptIsZeros() async throws {
        let contents = try await ImageContents(of: image([["/a": 100]]), keeping: ["/a": 10])
        #expect(bytes(contents.found["/a"]) == Data(repeating: 1, count: 10) + Data(repeating: 0, count: 90))
    }

    @Test func aFileThatALaterLayerRemovesIsNotFound() async throws {
        let image = try await image([
            ["/a": 1, "/b/c": 2, "/d/e": 3, "/f": 4, "/g/h": 5],
            ["/.wh.a": 0, "/b/.wh..wh..opq": 0, "/.wh.d": 0, "/f/x": 6, "/g": 7],
        ])
        let paths = ["/a", "/b/c", "/d/e", "/f", "/g/h", "/f/x", "/g"]
        let contents = try await ImageContents(of: image, keeping: Dictionary(paths.map { ($0, .max) }) { $1 })
        #expect(contents.found.keys.sorted() == ["/f/x", "/g"])
    }

    @Test func aLinkThatReplacesAFileIsNotFound() async throws {
        var tar = TarHeader(path: "a", kind: .symbolicLink("/etc/passwd"), mode: 0o777).encoded()
        tar.writeRepeatingByte(0, count: 2 * TarHeader.block)
        let image = try await image([["/a": 10]]).appending(RawLayer.layer(tar))
        let contents = try await ImageContents(of: image, keeping: ["/a": .max])
        #expect(contents.found.isEmpty)
        #expect(contents.files.map(\.size) == [0])
    }

    // MARK: - One pass

    @Test func eachLayerIsOpenedOnce() async throws {
        let opens = Shared<[Digest: Int]>([:])
        let image = try replacing(try await SeededImage.image()) { layer in
            Content(size: layer.content.size) { offset in
                opens.value[layer.descriptor.digest, default: 0] += 1
                return try await layer.content.reader(from: offset)
            }
        }
        _ = try await ImageContents(of: image, keeping: ["/opt/layer1/file": .max])
        #expect(opens.value == Dictionary(uniqueKeysWithValues: image.layers.map { ($0.descriptor.digest, 1) }))
    }

    @Test func eachLayerIsFetchedOnceFromARegistry() async throws {
        let registry = try FakeRegistry()
        try await registry.connect("a/b:1").push(.image(try await SeededImage.image()))
        let image = try await registry.connect("a/b:1").pull().images[0]
        _ = try await ImageContents(of: image, keeping: ["/opt/layer1/file": .max])
        for layer in image.layers {
            let path = "/v2/a/b/blobs/\(layer.descriptor.digest)"
            #expect(registry.requests.count { $0.method == .GET && $0.path == path } == 1)
        }
    }

    /// One byte of the highest layer is changed where only the digest can notice it.
    @Test func nothingIsFoundInADamagedLayer() async throws {
        let whole = try await SeededImage.image()
        var files = FileTree()
        try files.add("/last", Content(SeededImage.bytes(300_000, seed: 5)), mode: 0o444)
        let last = try await Layer(files, compression: .none, modified: 0, createdBy: "last")
        var bytes = try await last.content.collect(upTo: 1 << 20, named: "layer")
        bytes.setInteger(~(bytes.getInteger(at: 150_000, as: UInt8.self) ?? 0), at: 150_000)
        let damaged = Content(bytes)
        let image = try replacing(try whole.appending(last)) {
            $0.descriptor == last.descriptor ? damaged : $0.content
        }
        let error = await #expect(throws: ContainerImageError.self) {
            try await ImageContents(of: image, keeping: ["/last": .max])
        }
        guard case .mismatch = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await #expect(throws: ContainerImageError.self) { try await image.verify() }
    }
}
