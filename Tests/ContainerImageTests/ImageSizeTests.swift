import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

@Suite struct ImageSizeTests {
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

    @Test func filesAreCountedOnceAndTheHeaviestComesFirst() async throws {
        let size = try await ImageSize(of: image([["/a": 100, "/b/c": 300], ["/a": 50, "/d": 7]]))
        #expect(size.unpacked == 357)
        #expect(size.files.map(\.path) == ["/b/c", "/a", "/d"])
        #expect(size.files.map(\.size) == [300, 50, 7])
    }

    @Test func whatALayerTakesAwayIsNotCounted() async throws {
        let size = try await ImageSize(
            of: image([
                ["/a": 1, "/b/c": 2, "/b/d/e": 4, "/f/g": 8], ["/.wh.a": 0, "/b/.wh.d": 0],
                ["/f/.wh..wh..opq": 0, "/f/h": 16],
            ]))
        #expect(size.files.map(\.path) == ["/f/h", "/b/c"])
        #expect(size.unpacked == 18)
    }

    @Test func aFileThatBecomesAFolderAndBackIsCountedOnce() async throws {
        let size = try await ImageSize(of: image([["/a": 1000, "/b/c": 1000], ["/a/x": 1], ["/b": 2]]))
        #expect(size.files.map(\.path) == ["/b", "/a/x"])
        #expect(size.unpacked == 3)
    }

    @Test func theCompressedSizeIsThatOfTheBlobs() async throws {
        let image = try await SeededImage.image()
        let size = try await ImageSize(of: image)
        #expect(size.compressed == image.layers.reduce(image.manifest.config.size) { $0 + $1.descriptor.size })
        #expect(size.largestLayer == image.layers.map(\.descriptor.size).max())
        #expect(size.compressions == [.none, .gzip])
    }

    @Test func aFileIsTakenOutOfTheUppermostLayerThatHasIt() async throws {
        let image = try await image([["/a": 100], ["/a": 50], ["/b": 1]])
        try await Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("a").path
            let (found, missing) = (try await image.extract("/a", to: path), try await image.extract("/c", to: path))
            #expect(found && !missing)
            #expect(FileManager.default.contents(atPath: path)?.count == 50)
        }
    }
}
