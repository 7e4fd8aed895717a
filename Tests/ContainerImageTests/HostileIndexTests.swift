import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

/// Indexes and tars that list far more than an image has.
@Suite struct HostileIndexTests {
    /// A folder with one image, whose index lists what `change` makes of the entry of the image.
    private func layout(
        _ change: (Descriptor) throws -> [Descriptor], body: (Layout) async throws -> Void
    ) async throws {
        let image = try await SeededImage.image(size: 1000)
        try await Workplace.withFolder { folder in
            let layout = Layout(path: folder.path)
            try await layout.write(.image(image), name: nil)
            let inner = try Document.encode(Index(manifests: try change(image.descriptor)))
            let descriptor = Descriptor(mediaType: .index, digest: Digest(of: inner), size: Int64(inner.readableBytes))
            try await Content(inner).write(to: "\(folder.path)/\(Layout.blobPath(descriptor.digest))")
            try await Content(try Document.encode(Index(manifests: [descriptor]))).write(
                to: "\(folder.path)/index.json")
            try await body(layout)
        }
    }

    @Test func aManifestThatIsListedAThousandTimesIsReadOnce() async throws {
        try await layout({ Array(repeating: $0, count: 1000) }) { layout in
            let found = try await layout.read()
            #expect(found.images.count == 1)
            try await layout.write(found, name: "again")  // everything that the index lists is there
        }
    }

    @Test func anIndexOfTooManyManifestsIsAnError() async throws {
        func many(_ descriptor: Descriptor) throws -> [Descriptor] {
            try (0..<1000).map { number in
                var descriptor = descriptor
                descriptor.digest = try digest(number)
                return descriptor
            }
        }
        try await layout(many) { layout in
            let error = await #expect(throws: ContainerImageError.self) { try await layout.read() }
            let message = "\(try #require(error))"
            #expect(message.contains("its index lists 1000 manifests, but may list at most 200"), "\(message)")
        }
    }

    @Test func manifestsThatAreLargeTogetherAreAnError() async throws {
        let image = try await SeededImage.image(size: 1000)
        try await Workplace.withFolder { folder in
            let layout = Layout(path: folder.path)
            var entries: [Descriptor] = []
            for number in 0..<8 {
                let large = try image.annotated(["note": String(repeating: "\(number)", count: 3 << 20)])
                try await layout.write(.image(large), name: "\(number)")
                entries.append(large.descriptor)
            }
            let inner = try Document.encode(Index(manifests: entries))
            let descriptor = Descriptor(mediaType: .index, digest: Digest(of: inner), size: Int64(inner.readableBytes))
            try await Content(inner).write(to: "\(folder.path)/\(Layout.blobPath(descriptor.digest))")
            try await Content(try Document.encode(Index(manifests: [descriptor]))).write(
                to: "\(folder.path)/index.json")
            let error = await #expect(throws: ContainerImageError.self) { try await layout.read() }
            let message = "\(try #require(error))"
            #expect(message.contains("its manifests and configurations have more than 16777216 bytes"), "\(message)")
        }
    }

    /// The layers of a tar of Docker have no digests, so they are hashed.
    @Test func aLayerThatIsListedAThousandTimesIsHashedOnce() async throws {
        let image = try await SeededImage.image(size: 2_000_000)
        try await Workplace.withFolder { folder in
            var files = FileTree()
            var configuration = image.configuration
            configuration.rootfs.diffIDs = Array(repeating: image.layers[1].diffID, count: 1000)
            try files.add("/config.json", Content(try Document.encode(configuration)), mode: 0o644)
            try files.add("/layer.tar", image.layers[1].content, mode: 0o644)
            let docker = DockerImage(
                config: "config.json", layers: Array(repeating: "layer.tar", count: 1000), repoTags: nil)
            try files.add("/manifest.json", Content(try Document.encode([docker])), mode: 0o644)
            let path = folder.appendingPathComponent("image.tar").path
            try await files.tar(modified: 0).write(to: path)
            let start = ContinuousClock.now
            #expect(try await Archive(path: path).read().images[0].layers.count == 1000)
            #expect(.now - start < .seconds(20), "2 GB would be hashed in a debug build")
        }
    }

    // MARK: - Names

    /// The error about `name`, without the path, if a folder has images with the given names.
    private func advice(_ name: String?, _ names: [String?]) throws -> String {
        let entries = try names.enumerated().map { number, name in
            Descriptor(
                mediaType: .manifest, digest: try digest(number), size: 1,
                annotations: name.map { [Descriptor.referenceName: $0] })
        }
        let error = #expect(throws: ContainerImageError.self) {
            try Layout.choose(name, among: Index(manifests: entries), in: "folder")
        }
        return "\(try #require(error))".replacing("folder: ", with: "")
    }

    private func digest(_ number: Int) throws -> Digest {
        try #require(Digest("sha256:" + String(format: "%064x", number)))
    }

    @Test func theErrorForAWrongNameListsTheNamesThatAreThere() throws {
        #expect(
            try advice("x", [nil])
                == "it has no image called 'x'. Its only image has no name, so give the path alone.")
        let both = "Append one of these names after a colon: \(try digest(0)), a:1."
        #expect(try advice("x", [nil, "a:1"]) == "it has no image called 'x'. \(both)")
        #expect(try advice(nil, [nil, "a:1"]) == "it has 2 images. \(both)")
        #expect(try advice(nil, []) == "it has 0 images. Build an image into it with `pinson image build`.")
        let many = try advice("x\u{1B}[2J", (0..<30).map { "a:\($0)\u{1B}" })
        #expect(many.hasPrefix("it has no image called 'x [2J'. Append one of these names after a colon: a:0 , a:1 ,"))
        #expect(many.hasSuffix("a:19  and 10 more."))
    }

    @Test func anImageWithoutANameIsNamedByItsDigest() throws {
        let entries = try (0..<2).map { Descriptor(mediaType: .manifest, digest: try digest($0), size: 1) }
        let found = try Layout.choose("\(try digest(1))", among: Index(manifests: entries), in: "folder")
        #expect(found.digest == (try digest(1)))
    }

    @Test func theNamesInATarOfDockerAreListed() async throws {
        try await Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("image.tar").path
            for (names, advice) in [
                ([["a:1", "a:2"], ["b:1"]], "Append one of these names after a colon: a:1, a:2, b:1."),
                ([nil], "Its only image has no name, so give the path alone."),
                ([nil, []], "Its images have no names. Save one of them with a name."),
            ] as [([[String]?], String)] {
                var files = FileTree()
                let images = names.map { DockerImage(config: "c.json", layers: [], repoTags: $0) }
                try files.add("/manifest.json", Content(try Document.encode(images)), mode: 0o644)
                try await files.tar(modified: 0).write(to: path)
                let error = await #expect(throws: ContainerImageError.self) {
                    try await Archive(path: path).read(name: "x")
                }
                let message = "\(try #require(error))"
                #expect(message == "\(path): it has no image called 'x'. \(advice)")
            }
        }
    }
}
