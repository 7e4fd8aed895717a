import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

@Suite struct RecipeTests {
    private func build(
        in folder: URL, _ options: Recipe.Options = .init(), model: Bool = true, certificates: Bool = false
    ) async throws -> Image {
        let recipe = try Recipe(
            json: Data(contentsOf: Workplace.repository.appendingPathComponent("container/image.json")), named: "recipe"
        )
        var inputs: [String: String] = [:]
        for name in ["program"] + (model ? ["model"] : []) + (certificates ? ["certificates"] : []) {
            let file = folder.appendingPathComponent(name)
            try Data(SeededImage.bytes(50_000, seed: UInt64(name.count)).readableBytesView).write(to: file)
            inputs[name] = file.path
        }
        return try await recipe.build(on: .scratch(.amd64), inputs: inputs, options: options)
    }

    @Test func layersAreInTheOrderOfTheRecipe() async throws {
        try await Workplace.withFolder { folder in
            let image = try await build(in: folder, certificates: true)
            #expect(
                image.layers.map { $0.createdBy.split(separator: " ").last } == ["certificates", "model", "program"])
            #expect(image.layers.map(\.descriptor.mediaType) == [.tarGzip, .tar, .tarGzip])
            #expect(image.configuration.history?.count == 3)
        }
    }

    @Test func theProgramRunsWithoutRootAndWithoutAShell() async throws {
        try await Workplace.withFolder { folder in
            let execution = try #require(try await build(in: folder).configuration.config)
            #expect(execution.user == "65532:65532")
            #expect(execution.entrypoint == ["/function"])
            #expect(execution.command == nil)
            #expect(execution.stopSignal == "SIGTERM")
            #expect(execution.ports == [8080])
            #expect(execution.variable("MODEL_PATH") == "/model/model.gguf")
        }
    }

    @Test func theSameInputInAnotherFolderGivesTheSameDigest() async throws {
        var digests: Set<Digest> = []
        for _ in 0..<2 {
            try await Workplace.withFolder { _ = digests.insert(try await build(in: $0).descriptor.digest) }
        }
        #expect(digests.count == 1)
    }

    @Test func aNewProgramDoesNotChangeTheLayerOfTheModel() async throws {
        try await Workplace.withFolder { folder in
            let one = try await build(in: folder)
            try Data("another".utf8).write(to: folder.appendingPathComponent("program"))
            let recipe = try Recipe(
                json: Data(contentsOf: Workplace.repository.appendingPathComponent("container/image.json")),
                named: "recipe")
            let two = try await recipe.build(
                on: .scratch(.amd64),
                inputs: [
                    "model": folder.appendingPathComponent("model").path,
                    "program": folder.appendingPathComponent("program").path,
                ],
                options: .init())
            #expect(one.layers[0].descriptor == two.layers[0].descriptor)
            #expect(one.layers[1].descriptor != two.layers[1].descriptor)
        }
    }

    @Test func theTimeIsTheOneThatWasGiven() async throws {
        try await Workplace.withFolder { folder in
            var options = Recipe.Options()
            options.created = 1_700_000_000
            let image = try await build(in: folder, options)
            #expect(image.configuration.created == "2023-11-14T22:13:20Z")
            var reader = try await image.layers[0].tarReader()
            #expect(try await reader.next()?.modified == 1_700_000_000)
        }
    }

    @Test func oneCompressionCanBeSetForAllLayers() async throws {
        for compression in [Compression.gzip, .none] {
            try await Workplace.withFolder { folder in
                var options = Recipe.Options()
                options.compression = compression
                let image = try await build(in: folder, options)
                #expect(image.layers.allSatisfy { $0.descriptor.mediaType.compression == compression })
                try await image.verify()
            }
        }
    }

    @Test func extraFilesAreInALayerBelowTheProgram() async throws {
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("adapter")
            try Data("x".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
            var options = Recipe.Options()
            options.extra = ["/opt/extensions/adapter": file.path]
            let image = try await build(in: folder, options)
            #expect(image.layers.count == 3)
            var reader = try await image.layers[1].tarReader()
            var last: TarHeader?
            while let header = try await reader.next() { last = header }
            #expect(last?.path == "opt/extensions/adapter")
            #expect(last?.mode == 0o555)
        }
    }

    @Test func withoutAModelTheImageHasOneLayer() async throws {
        try await Workplace.withFolder { folder in
            let image = try await build(in: folder, model: false)
            #expect(image.layers.count == 1)
        }
    }

    @Test func aFileThatChangesAfterItWasReadIsAnError() async throws {
        try await Workplace.withFolder { folder in
            let image = try await build(in: folder)
            // The file is changed in place, so the image sees the new bytes.
            try Data("short".utf8).write(to: folder.appendingPathComponent("model"))
            await #expect(throws: ContainerImageError.self) { try await image.verify() }
        }
    }

    @Test(.enabled(if: Python.has("spdx_tools"), "needs the Python package spdx-tools"))
    func theBillOfMaterialsIsValidSPDX() async throws {
        try await Workplace.withFolder { folder in
            let image = try await build(in: folder)
            let sbom = SBOM(
                name: "ghcr.io/o/pinson", created: 0, tool: "pinson-0.1.0",
                program: .init(path: "/function", digest: image.layers[1].diffID, version: "0.1.0"),
                model: .init(path: "/model/model.gguf", digest: image.layers[0].diffID, comment: "tweets"),
                packages: [
                    .init(
                        name: "swift-nio", version: "2.101.2", licence: "Apache-2.0",
                        purl: "pkg:swift/github.com/apple/swift-nio@2.101.2",
                        location: "https://github.com/apple/swift-nio.git"),
                    .init(
                        name: "libstdc++", version: "12.2.0", licence: "GPL-3.0-or-later WITH GCC-exception-3.1",
                        purl: "pkg:generic/gcc@12.2.0", location: "https://gcc.gnu.org/git/gcc.git"),
                ])
            let file = folder.appendingPathComponent("x.spdx.json")
            try Data(try sbom.document(about: image).readableBytesView).write(to: file)
            let script = """
                import sys
                from spdx_tools.spdx.parser.parse_anything import parse_file
                from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
                document = parse_file(sys.argv[1])
                print([m.validation_message for m in validate_full_spdx_document(document)], len(document.packages))
                print(*sorted(str(p.license_declared) for p in document.packages if "Package-" in p.spdx_id))
                """
            #expect(
                try Python.run(script, file.path)
                    == "[] 5\nApache-2.0 GPL-3.0-or-later WITH GCC-exception-3.1\n")
        }
    }
}
