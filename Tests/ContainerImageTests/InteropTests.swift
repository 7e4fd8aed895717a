import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

/// Other programs read our images; each test is skipped if its program is missing.
@Suite(.serialized) struct InteropTests {
    /// An image as `pinson image build` makes it, with small files.
    private func image(in folder: URL, certificates: Bool = true) async throws -> Image {
        let recipe = try Recipe(
            json: Data(contentsOf: Workplace.repository.appendingPathComponent("container/image.json")), named: "recipe"
        )
        var inputs: [String: String] = [:]
        for (name, size) in [("model", 200_000), ("program", 100_000), ("certificates", 1000)] {
            let file = folder.appendingPathComponent(name)
            try Data(SeededImage.bytes(size, seed: UInt64(size)).readableBytesView).write(to: file)
            inputs[name] = file.path
        }
        if !certificates { inputs["certificates"] = nil }
        return try await recipe.build(on: .scratch(.amd64), inputs: inputs, options: .init())
    }

    private func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
        let result = try Program.run(try #require(Program.find(program)), arguments, environment: environment)
        #expect(result.status == 0, "\(program) \(arguments.joined(separator: " ")): \(result.error)")
        return result.output + result.error
    }

    @Test(.enabled(if: Program.find("umoci") != nil && getuid() == 0, "needs umoci and root"))
    func umociUnpacksTheImageWithTheRightFilesAndOwners() async throws {
        try await Workplace.withFolder { folder in
            let layout = folder.appendingPathComponent("layout").path
            try await Layout(path: layout).write(.image(try await image(in: folder)), name: "1")
            _ = try run("umoci", ["unpack", "--image", "\(layout):1", folder.appendingPathComponent("bundle").path])
            let found = try run(
                "find",
                [
                    folder.appendingPathComponent("bundle/rootfs").path, "-mindepth", "1", "-printf",
                    #"%P %m %U:%G %T@ %s %y\n"#,
                ])
            let files = found.split(separator: "\n").filter { $0.hasSuffix(" f") }.sorted()
            #expect(
                files == [
                    "etc/ssl/certs/ca-certificates.crt 444 0:0 0.0000000000 1000 f",
                    "function 555 0:0 0.0000000000 100000 f", "model/model.gguf 444 0:0 0.0000000000 200000 f",
                ])
            let folders = found.split(separator: "\n").filter { $0.hasSuffix(" d") }
            #expect(folders.allSatisfy { $0.contains(" 755 0:0 ") })
        }
    }

    @Test(.enabled(if: Program.find("skopeo") != nil, "needs skopeo"))
    func skopeoCopiesTheImageFromEveryForm() async throws {
        try await Workplace.withFolder { folder in
            let image = try await image(in: folder)
            let (layout, tar) = (
                folder.appendingPathComponent("layout").path, folder.appendingPathComponent("i.tar").path
            )
            try await Layout(path: layout).write(.image(image), name: "1")
            try await Archive(path: tar).write(.image(image), reference: try Reference("localhost/p:1"), modified: 0)
            for (index, source) in ["oci:\(layout):1", "oci-archive:\(tar)", "docker-archive:\(tar)"].enumerated() {
                let copy = folder.appendingPathComponent("copy\(index)").path
                _ = try run("skopeo", ["copy", "--insecure-policy", source, "oci:\(copy):1"])
                let found = try await Layout(path: copy).read()
                // Docker's form has no manifest, so skopeo writes a new one with a configuration of its own.
                #expect(found.images[0].configuration.rootfs == image.configuration.rootfs, "\(source)")
                #expect(
                    index == 2 || found.images[0].manifest.config.digest == image.manifest.config.digest, "\(source)")
                for image in found.images { try await image.verify() }
            }
        }
    }

    @Test(.enabled(if: Program.find("skopeo") != nil, "needs skopeo"))
    func aTarInDockersFormIsRead() async throws {
        try await Workplace.withFolder { folder in
            let image = try await image(in: folder)
            let (layout, tar) = (
                folder.appendingPathComponent("layout").path, folder.appendingPathComponent("docker.tar").path
            )
            try await Layout(path: layout).write(.image(image), name: "1")
            _ = try run("skopeo", ["copy", "--insecure-policy", "oci:\(layout):1", "docker-archive:\(tar):p:1"])
            let found = try await Archive(path: tar).read()
            #expect(found.images[0].configuration.rootfs.diffIDs == image.configuration.rootfs.diffIDs)
            for image in found.images { try await image.verify() }
        }
    }

    @Test(.enabled(if: Program.find("podman") != nil && getuid() == 0, "needs podman and root"))
    func podmanLoadsTheImageUnderItsName() async throws {
        try await Workplace.withFolder { folder in
            let tar = folder.appendingPathComponent("i.tar").path
            try await Archive(path: tar).write(
                .image(try await image(in: folder)), reference: try Reference("localhost/pinson:7"), modified: 0)
            let runroot = "/tmp/pinson-\(getpid())"  // podman does not accept longer paths
            defer { try? FileManager.default.removeItem(atPath: runroot) }
            let store = [
                "--root", folder.appendingPathComponent("store").path, "--runroot", runroot, "--storage-driver", "vfs",
            ]
            let output = try run("podman", store + ["load", "-i", tar])
            #expect(output.contains("localhost/pinson:7"))
            _ = try run("podman", store + ["rmi", "-a"])
        }
    }

    @Test(.enabled(if: Program.find("podman") != nil && getuid() == 0, "needs podman and root"))
    func theDockerfileGivesTheSameRootFileSystem() async throws {
        try await Workplace.withFolder { folder in
            let ours = try await image(in: folder, certificates: false)
            let context = folder.appendingPathComponent("context")
            try FileManager.default.createDirectory(at: context, withIntermediateDirectories: true)
            for (name, input) in [("function", "program"), ("model.gguf", "model")] {
                try FileManager.default.copyItem(
                    at: folder.appendingPathComponent(input), to: context.appendingPathComponent(name))
            }
            let runroot = "/tmp/pinson-\(getpid())d"  // podman does not accept longer paths
            defer { try? FileManager.default.removeItem(atPath: runroot) }
            let store = [
                "--root", folder.appendingPathComponent("store").path, "--runroot", runroot, "--storage-driver", "vfs",
            ]
            let dockerfile = Workplace.repository.appendingPathComponent("container/Dockerfile").path
            let tar = folder.appendingPathComponent("built.tar").path
            _ = try run(
                "podman",
                store + ["build", "--isolation", "chroot", "-f", dockerfile, "-t", "localhost/built", context.path])
            _ = try run("podman", store + ["save", "--format", "oci-archive", "-o", tar, "localhost/built"])
            _ = try run("podman", store + ["rmi", "-a"])
            let theirs = try await Archive(path: tar).read().images[0]
            #expect(try await entries(of: theirs) == entries(of: ours))
            let (mine, built) = (try #require(ours.configuration.config), try #require(theirs.configuration.config))
            #expect(built.user == mine.user)
            #expect(built.entrypoint == mine.entrypoint)
            #expect(built.ports == mine.ports)
            #expect(built.variable("MODEL_PATH") == mine.variable("MODEL_PATH"))
            #expect(["SIGTERM", "15"].contains(built.stopSignal))
        }
    }

    /// The kind, the mode, the owner and the size of every entry in all layers, by its path.
    private func entries(of image: Image) async throws -> [String: String] {
        var entries: [String: String] = [:]
        for layer in image.layers {
            var reader = try await layer.tarReader()
            while let header = try await reader.next() {
                guard !header.path.isEmpty else { continue }  // the root folder, which not every builder lists
                entries[header.path] =
                    "\(header.kind) \(String(header.mode & 0o7777, radix: 8)) \(header.user):\(header.group) \(header.size)"
            }
            try await reader.finish()
        }
        return entries
    }

    @Test(
        .enabled(
            if: Program.find("docker-registry") != nil && Program.find("openssl") != nil,
            "needs docker-registry and openssl"),
        arguments: [false, true])
    func anImageGoesToARealRegistryAndBack(tls: Bool) async throws {
        try await Workplace.withFolder { folder in
            let server = try RealRegistry(in: folder, tls: tls)
            defer { server.stop() }
            let image = try await image(in: folder).attaching(sbom: ByteBuffer(string: #"{"spdxVersion":"SPDX-2.3"}"#))
            let transport = Transport(environment: tls ? ["SSL_CERT_FILE": server.certificate] : [:])
            func connect(_ name: String) async throws -> Registry {
                try await Registry.connect(
                    Reference("\(server.host)/\(name)"), credentials: Credentials(environment: [:]), allowsHTTP: false,
                    retry: RetryPolicy(), transport: transport)
            }
            defer { Task { try await transport.shutdown() } }
            try await connect("a/b:1").push(.image(image))
            let pulled = try await connect("a/b:1").pull()
            #expect(pulled.descriptor.digest == image.descriptor.digest)
            for image in pulled.images { try await image.verify() }
            try await connect("c:1").push(pulled)
            let index = ImageOrIndex.index(
                try ImageIndex([image, try await SeededImage.image(2, platform: .arm64)]))
            try await connect("c:both").push(index)
            #expect(try await connect("c:both").pull().descriptor == index.descriptor)
            if !tls, Program.find("skopeo") != nil {
                let copy = folder.appendingPathComponent("copy").path
                _ = try run(
                    "skopeo",
                    [
                        "copy", "--all", "--preserve-digests", "--insecure-policy", "--src-tls-verify=false",
                        "docker://\(server.host)/c:both", "oci:\(copy):1",
                    ])
                #expect(try await Layout(path: copy).read().descriptor.digest == index.descriptor.digest)
            }
        }
    }
}
