import ArgumentParser
import ContainerFiles
import ContainerImage
import Deployment
import Foundation
import ModelFile
import NIOCore

struct ImageBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds the image of a model and the program that serves it.",
        discussion: """
            The same input gives the same digest, wherever and whenever it is built; SOURCE_DATE_EPOCH is the time of \
            everything in the image, 1970 unless set. The digest is printed on stdout.
            """)

    @Option(help: ArgumentHelp("A model file.", valueName: "model.gguf"), completion: .file(extensions: ["gguf"]))
    var model: String?

    @Flag(help: "Leave the model out: it is mounted at /model.")
    var withoutModel = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A tar, a folder (ending in /), or - for a tar on stdout.", valueName: "path"),
        completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "The program, once for each platform; 'function' beside pinson if not given.", valueName: "file"))
    var binary: [String] = []

    @Option(help: "What the image is called once it is loaded.")
    var tag: String?

    @Option(help: ArgumentHelp("An image to build on: a folder, a tar, or a name in a registry.", valueName: "image"))
    var base: String?

    @Option(
        help: ArgumentHelp("Certificates of authorities, for a program that speaks TLS to others.", valueName: "file"))
    var caCertificates: String?

    @Option(help: ArgumentHelp("Another file for the image, once for each.", valueName: "file:/path"))
    var add: [String] = []

    @Option(
        help: "gzip or none, for all layers; without it the model is stored as it is, the rest as gzip.",
        transform: ImageBuild.compression)
    var compression: Compression?

    @Option(
        help: ArgumentHelp("Where it will run, if that asks for something else: lambda wants gzip.", valueName: "name"))
    var target: String?

    @OptionGroup var limits: LimitsOption

    @Option(help: ArgumentHelp("KEY=VALUE, once for each.", valueName: "label"))
    var label: [String] = []

    @Option(help: ArgumentHelp("KEY=VALUE, once for each.", valueName: "annotation"))
    var annotation: [String] = []

    @Option(
        help: ArgumentHelp("Instead of the recipe that pinson carries.", valueName: "image.json"), completion: .file())
    var recipe: String?

    @Option(help: ArgumentHelp("Write the bill of materials (SPDX) there too.", valueName: "file"), completion: .file())
    var sbom: String?

    @Flag(help: "Speak to the base image's registry without TLS if it has none.")
    var insecure = false

    @Flag(help: "Print what was built as JSON.")
    var json = false

    func validate() throws {
        guard (model == nil) == withoutModel else {
            throw ValidationError("Give either '--model <model.gguf>' or '--without-model'.")
        }
        guard !json || output != "-" else { throw ValidationError("'--json' and '--output -' both want stdout.") }
    }

    private static func compression(_ text: String) throws -> Compression {
        guard let compression = Compression(rawValue: text), compression != .zstd else {
            throw ValidationError("'\(text)' is neither gzip nor none.")
        }
        return compression
    }

    func run() async throws {
        let binaries = binary.isEmpty ? [Companion.find("function")].compactMap { $0 } : binary
        guard !binaries.isEmpty else {
            throw ValidationError("There is no 'function' beside pinson; name the program with '--binary <file>'.")
        }
        let recipe =
            try self.recipe.map { try Recipe(json: try read($0), named: $0) }
            ?? Recipe(json: ContainerFiles.recipe, named: "the recipe of pinson")
        let reference = try tag.map { try Reference($0) }
        let created = try epoch()
        let card = try model.map { try ModelCard(path: $0) }
        var images: [Image] = []
        for binary in binaries {
            let image = try await build(binary, recipe: recipe, created: created, card: card)
            guard !images.contains(where: { $0.configuration.platform == image.configuration.platform }) else {
                throw ValidationError(
                    "Two programs are for \(image.configuration.platform); one of each platform is enough.")
            }
            images.append(image)
        }
        let result: ImageOrIndex = images.count == 1 ? .image(images[0]) : .index(try ImageIndex(images))
        if let sbom {
            guard images.count == 1, let bytes = images[0].sbom else {
                throw ValidationError("'--sbom' takes one program; each platform has a bill of materials of its own.")
            }
            try await OutputFile.write(Content(bytes), to: sbom)
        }
        try await write(result, reference: reference, created: created)
        for image in images { say(story(image)) }
        if json {
            try printJSON(ImageSummary(result))
        } else if output != "-" {
            print(result.descriptor.digest)
        }
    }

    private func build(_ binary: String, recipe: Recipe, created: Int64, card: ModelCard?) async throws -> Image {
        let program = try ELF(path: binary)
        let (programDigest, modelDigest) = (digest(binary), model.map { digest($0) })  // for the bill of materials
        var inputs = ["program": binary]
        inputs["model"] = model
        inputs["certificates"] = caCertificates
        var options = Recipe.Options()
        options.compression = try compression ?? compressionOfTarget()
        options.created = created
        options.labels = try pairs(label, "--label")
        options.labels["pinson.instruction-set"] = program.platform.leastInstructionSet
        options.annotations = [
            "org.opencontainers.image.title": name,
            "org.opencontainers.image.version": Pinson.version,
        ]
        if let card {
            options.labels["pinson.model.name"] = card.name
            options.annotations["pinson.model.name"] = card.name
            options.annotations["pinson.model.digest"] = "\(card.digest)"
        }
        options.annotations.merge(try pairs(annotation, "--annotation")) { $1 }
        for text in add {
            guard let colon = text.lastIndex(of: ":") else {
                throw ValidationError("'--add \(text)' is not FILE:/PATH.")
            }
            options.extra[String(text[text.index(after: colon)...])] = String(text[..<colon])
        }
        var start = try Image.scratch(program.platform)
        if let base {
            let found = try await ImageArgument.read(base, insecure: insecure, platform: program.platform)
            start = try found.image(for: program.platform)
            guard start.configuration.architecture == program.platform.architecture else {
                throw ContainerImageError.mismatch(
                    what: binary, found: "a program for \(program.platform)",
                    expected: "one for \(start.configuration.platform), as the base image")
            }
            options.annotations["org.opencontainers.image.base.digest"] = "\(start.descriptor.digest)"
            if !ImageArgument.isLocal(base) { options.annotations["org.opencontainers.image.base.name"] = base }
        } else if !program.needed.isEmpty {
            throw ContainerImageError.missingLibraries(path: binary, libraries: program.needed)
        }
        let image = try await recipe.build(on: start, inputs: inputs, options: options)
        let sbom = SBOM(
            name: name, created: created, tool: "pinson-\(Pinson.version)",
            program: .init(
                path: recipe.entrypoint.first ?? "/function", digest: try await programDigest.value,
                version: Pinson.version),
            model: try await modelPart(card, modelDigest), packages: try packages(beside: binary))
        return image.attaching(sbom: try sbom.document(about: image))
    }

    /// What the target's limits ask for: gzip where a plain tar is not among what it allows.
    private func compressionOfTarget() throws -> Compression? {
        guard let target = try target.map({ try limits.targets().find($0) }),
            let limit = target.limits.first(where: { $0.of == .compression }), let allowed = limit.allowed
        else { return nil }
        return allowed.contains(Compression.none.rawValue) ? nil : .gzip
    }

    /// What the image is called, without the tag.
    private var name: String { (try? tag.map { try Reference($0).familiarName }) ?? "pinson" }

    private func modelPart(_ card: ModelCard?, _ digest: Task<ContainerImage.Digest, any Error>?) async throws -> SBOM
        .Part?
    {
        guard let card, let digest else { return nil }
        return .init(
            path: "/model/model.gguf", digest: try await digest.value, version: card.version, comment: card.comment)
    }

    /// Begins to hash a file, while other things are done.
    private func digest(_ path: String) -> Task<ContainerImage.Digest, any Error> {
        Task { try await Content(file: path).digest() }
    }

    /// What is linked into `binary`: lines of name, version and location in the file that `make build` leaves beside it.
    private func packages(beside binary: String) throws -> [SBOM.Package] {
        guard let text = try? String(contentsOfFile: "\(binary).packages", encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            return fields.count == 3 ? SBOM.Package(name: fields[0], version: fields[1], location: fields[2]) : nil
        }
    }

    private func write(_ image: ImageOrIndex, reference: Reference?, created: Int64) async throws {
        if output == "-" {
            for try await bytes in try Archive.content(image, reference: reference, modified: created) {
                try FileHandle.standardOutput.write(contentsOf: Data(bytes.readableBytesView))
            }
        } else if isFolder {
            try await Layout(path: output.hasSuffix("/") && output.count > 1 ? String(output.dropLast()) : output)
                .write(image, name: reference.map { "\($0)" })
        } else {
            try await Archive(path: output).write(image, reference: reference, modified: created)
        }
    }

    private var isFolder: Bool {
        var isFolder: ObjCBool = false
        return output.hasSuffix("/")
            || FileManager.default.fileExists(atPath: output, isDirectory: &isFolder) && isFolder.boolValue
    }

    private func story(_ image: Image) -> String {
        let lines = image.layers.map { layer in
            row(
                layer.createdBy.replacing("pinson image build: ", with: ""),
                "\(decimal(Int(layer.descriptor.size))) bytes")
                + "  \(layer.descriptor.mediaType.compression?.rawValue ?? "")"
        }
        return (["\(image.configuration.platform)  \(image.descriptor.digest)"] + lines).joined(separator: "\n")
    }

    private func epoch() throws -> Int64 {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else { return 0 }
        guard let seconds = Int64(text), seconds >= 0, seconds < 1 << 33 else {
            throw ValidationError(
                "SOURCE_DATE_EPOCH is '\(text)', expected seconds since 1970. Set it so, or unset it.")
        }
        return seconds
    }
}

/// `KEY=VALUE` options as a dictionary.
func pairs(_ texts: [String], _ option: String) throws -> [String: String] {
    try Dictionary(
        texts.map { text in
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw ValidationError("'\(option) \(text)' is not KEY=VALUE.")
            }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
    ) { $1 }
}

/// All bytes of a small file.
func read(_ path: String) throws -> Data {
    do {
        return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
        throw ContainerImageError.file(path: path, action: "read", reason: error.localizedDescription)
    }
}
