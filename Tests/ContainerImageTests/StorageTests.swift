import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

/// Images in folders and tars.
@Suite struct StorageTests {
    enum Medium: CaseIterable, Sendable {
        case layout, archive

        func path(in folder: URL) -> String {
            folder.appendingPathComponent(self == .layout ? "layout" : "image.tar").path
        }

        func write(_ image: ImageOrIndex, to folder: URL, name: String) async throws {
            switch self {
            case .layout: try await Layout(path: path(in: folder)).write(image, name: name)
            case .archive:
                try await Archive(path: path(in: folder)).write(image, reference: try Reference(name), modified: 0)
            }
        }

        func read(_ folder: URL, name: String? = nil) async throws -> ImageOrIndex {
            switch self {
            case .layout: try await Layout(path: path(in: folder)).read(name: name)
            case .archive: try await Archive(path: path(in: folder)).read(name: name)
            }
        }
    }

    private func index() async throws -> ImageOrIndex {
        .index(try ImageIndex([try await SeededImage.image(1), try await SeededImage.image(2, platform: .arm64)]))
    }

    @Test(arguments: Medium.allCases)
    func aWrittenImageIsReadBackByteForByte(medium: Medium) async throws {
        for image in [ImageOrIndex.image(try await SeededImage.image()), try await index()] {
            try await Workplace.withFolder { folder in
                try await medium.write(image, to: folder, name: "localhost/a:1")
                let found = try await medium.read(folder)
                #expect(found.descriptor == image.descriptor)
                for image in found.images { try await image.verify() }
                #expect(try await medium.read(folder, name: "localhost/a:1").descriptor == image.descriptor)
                await #expect(throws: ContainerImageError.self) { try await medium.read(folder, name: "other") }
            }
        }
    }

    @Test(arguments: Medium.allCases)
    func aBillOfMaterialsIsStoredNextToTheImage(medium: Medium) async throws {
        let sbom = ByteBuffer(string: #"{"spdxVersion":"SPDX-2.3"}"#)
        let image = try await SeededImage.image().attaching(sbom: sbom)
        try await Workplace.withFolder { folder in
            try await medium.write(.image(image), to: folder, name: "a:1")
            #expect(try await medium.read(folder).images[0].sbom == sbom)
        }
    }

    @Test(arguments: Medium.allCases)
    func aChangedBitIsFound(medium: Medium) async throws {
        try await Workplace.withFolder { folder in
            let image = try await SeededImage.image()
            try await medium.write(.image(image), to: folder, name: "a:1")
            let path =
                medium == .archive
                ? medium.path(in: folder)
                : "\(medium.path(in: folder))/\(Layout.blobPath(image.layers[1].descriptor.digest))"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            await #expect(throws: ContainerImageError.self) {
                for image in try await medium.read(folder).images { try await image.verify() }
            }
        }
    }

    @Test func aLayoutHoldsSeveralImagesAndANameCanMove() async throws {
        try await Workplace.withFolder { folder in
            let layout = Layout(path: folder.path)
            let (one, two) = (try await SeededImage.image(1), try await SeededImage.image(2))
            try await layout.write(.image(one), name: "x:1")
            try await layout.write(.image(two), name: "x:2")
            #expect(try await layout.read(name: "x:1").descriptor.digest == one.descriptor.digest)
            let error = await #expect(throws: ContainerImageError.self) { try await layout.read() }
            #expect("\(try #require(error))".contains("x:1, x:2"))
            try await layout.write(.image(two), name: "x:1")
            #expect(try await layout.read(name: "x:1").descriptor.digest == two.descriptor.digest)
        }
    }

    @Test func anImageCanHaveSeveralNamesAndImagesWithoutANameStay() async throws {
        try await Workplace.withFolder { folder in
            let layout = Layout(path: folder.path)
            let (one, two) = (try await SeededImage.image(1), try await SeededImage.image(2))
            for name in ["a:1", "a:2"] { try await layout.write(.image(one), name: name) }
            for name in ["a:1", "a:2"] {
                #expect(try await layout.read(name: name).descriptor.digest == one.descriptor.digest)
            }
            try await layout.write(.image(two), name: nil)
            try await layout.write(.image(one), name: nil)
            let bytes = try Data(contentsOf: folder.appendingPathComponent("index.json"))
            #expect(try JSONDecoder().decode(Index.self, from: bytes).manifests.count == 4)
        }
    }

    @Test func aPipeAndTheTargetOfALinkAreWrittenTo() async throws {
        try await Workplace.withFolder { folder in
            let pipe = folder.appendingPathComponent("pipe").path
            #expect(mkfifo(pipe, 0o600) == 0)
            let reader = Task.detached { FileHandle(forReadingAtPath: pipe)?.readDataToEndOfFile() }
            try await Content(ByteBuffer(string: "through")).write(to: pipe)
            #expect(await reader.value == Data("through".utf8))
            let link = folder.appendingPathComponent("link").path
            let target = folder.appendingPathComponent("target").path
            try Data().write(to: URL(fileURLWithPath: target))
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            try await Content(ByteBuffer(string: "linked")).write(to: link)
            #expect(FileManager.default.contents(atPath: target) == Data("linked".utf8))
            #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == target)
        }
    }

    @Test func anArchiveThatIsCutShortIsRefused() async throws {
        try await Workplace.withFolder { folder in
            let archive = Archive(path: folder.appendingPathComponent("a.tar").path)
            try await archive.write(.image(try await SeededImage.image()), reference: nil, modified: 0)
            let whole = try Data(contentsOf: URL(fileURLWithPath: archive.path))
            for length in [0, 100, 5000, whole.count / 2, whole.count - 3000] {
                try whole.prefix(length).write(to: URL(fileURLWithPath: archive.path))
                await #expect(throws: ContainerImageError.self, "\(length) bytes") {
                    for image in try await archive.read().images { try await image.verify() }
                }
            }
        }
    }

    @Test func aFailedWriteLeavesTheOldArchive() async throws {
        try await Workplace.withFolder { folder in
            let archive = Archive(path: folder.appendingPathComponent("a.tar").path)
            let image = try await SeededImage.image()
            try await archive.write(.image(image), reference: nil, modified: 0)
            let broken = Content(size: 10) { _ in { throw CancellationError() } }
            var files = FileTree()
            try files.add("/f", broken, mode: 0o444)
            await #expect(throws: CancellationError.self) {
                try await files.tar(modified: 0).write(to: archive.path)
            }
            #expect(try await archive.read().descriptor == image.descriptor)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.tar"])
        }
    }

    @Test func anImageCanBeBuiltOnAnother() async throws {
        let base = try await SeededImage.image()
        var files = FileTree()
        try files.add("/function", Content(ByteBuffer(string: "program")), mode: 0o555)
        let image = try base.appending(try await Layer(files, compression: .none, modified: 0, createdBy: "mine"))
        #expect(image.layers.count == 4)
        #expect(image.configuration.rootfs.diffIDs.count == 4)
        #expect(image.configuration.history?.count { $0.emptyLayer != true } == 4)
        #expect(image.configuration.config?.user == "65532")
    }

    @Test func theImageForAPlatformIsChosenFromAnIndex() async throws {
        let index = try await index()
        #expect(try index.image(for: .arm64).configuration.architecture == "arm64")
        #expect(throws: ContainerImageError.self) { try index.image(for: Platform(architecture: "riscv64")) }
    }
}
