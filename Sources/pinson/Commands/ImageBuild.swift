import ArgumentParser
import ContainerImage
import Deployment
import Foundation
import ModelFile

struct ImageBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds the image of the function and a model.",
        discussion: """
            The same files give the same digest on every machine. All times in the image are SOURCE_DATE_EPOCH, or 1970 \
            if it is not set. The digest is printed on stdout.
            """)

    @Option(
        help: ArgumentHelp(
            "The model file, or a model on a tracking server, such as mlflow:NAME@champion.", valueName: "model.gguf"),
        completion: .file(extensions: ["gguf"]))
    var model: String?

    @Flag(help: "Leave the model out. It must be mounted at /model.")
    var withoutModel = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A tar, a folder (ending in /), or - for a tar on stdout.", valueName: "path"),
        completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "The program to run. Repeat it for several platforms. The default is 'function' next to pinson.",
            valueName: "file"))
    var program: [String] = []

    @Option(help: "The name that the image has once it is loaded.")
    var tag: String?

    @Option(help: ArgumentHelp("An image to build on: a folder, a tar, or a name in a registry.", valueName: "image"))
    var base: String?

    @Option(
        help: ArgumentHelp(
            "Certificates of authorities, for a program that connects to others with TLS.", valueName: "file"))
    var caCertificates: String?

    @Option(help: ArgumentHelp("Another file for the image. Repeat it for several files.", valueName: "file:/path"))
    var add: [String] = []

    @Option(
        help: "The compression of all layers: gzip or none. By default the model is not compressed, the rest is.",
        transform: ImageBuild.compression)
    var compression: Compression?

    @Option(
        help: ArgumentHelp(
            "The target where the image will run, if it needs another compression. Lambda needs gzip.",
            valueName: "name"))
    var target: String?

    @OptionGroup var limits: LimitsOption

    @Option(help: ArgumentHelp("A label as KEY=VALUE. Repeat it for several labels.", valueName: "label"))
    var label: [String] = []

    @Option(help: ArgumentHelp("An annotation as KEY=VALUE. Repeat it for several.", valueName: "annotation"))
    var annotation: [String] = []

    @Option(
        help: ArgumentHelp("A recipe to use instead of the one that pinson carries.", valueName: "image.json"),
        completion: .file())
    var recipe: String?

    @Option(
        help: ArgumentHelp("Also write the bill of materials (SPDX) to this file.", valueName: "file"),
        completion: .file())
    var sbom: String?

    @OptionGroup var registry: RegistryOptions

    @Flag(help: "Print the image as JSON.")
    var json = false

    func validate() throws {
        guard (model == nil) == withoutModel else {
            throw ValidationError("Give either '--model <model.gguf>' or '--without-model'.")
        }
        guard !json || output != "-" else {
            throw ValidationError("'--json' and '--output -' cannot both write to stdout.")
        }
    }

    mutating func run() async throws {
        if let name = model { model = try await FetchedModel.path(name) }
        let programs = program.isEmpty ? [try Companion.function()] : program
        let reference = try tag.map { try Reference($0) }
        let created = try Self.epoch()
        let facts = try model.map { try ShippedModel(path: $0) }
        var images: [Image] = []
        for program in programs {
            let image = try await build(program, reference, facts, created: created)
            guard !images.contains(where: { $0.configuration.platform == image.configuration.platform }) else {
                throw ValidationError(
                    "Two programs are for \(image.configuration.platform). Give one for each platform.")
            }
            images.append(image)
        }
        let result: ImageOrIndex = images.count == 1 ? .image(images[0]) : .index(try ImageIndex(images))
        if let sbom {
            guard images.count == 1, let bytes = images[0].sbom else {
                throw ValidationError(
                    "'--sbom' can be used with one program only, because each platform has its own bill of materials.")
            }
            try await Content(bytes).write(to: sbom)
        }
        let output = ImageOutput(path: output)
        try await output.write(result, reference: reference, created: created)
        for image in images { say(Self.summary(of: image)) }
        if json {
            try printJSON(ImageSummary(result))
        } else if !output.isStandardOutput {
            print(result.descriptor.digest)
        }
    }

    /// Builds the image of one platform, with its bill of materials.
    private func build(
        _ program: String, _ reference: Reference?, _ facts: ShippedModel?, created: Int64
    ) async throws -> Image {
        let name = reference?.familiarName ?? "pinson"
        var image = try FunctionImage(program: program, model: model, recipe: recipe)
        image.certificates = caCertificates
        image.options = try options(named: name, facts, created: created)
        let bill = BillOfMaterials(image, facts)
        let built = try await image.build { platform in
            guard let base else { return nil }
            return try await ImageLocation(base).read(from: registry, platform: platform).image(for: platform)
        }
        return try await bill.attached(to: built, named: name)
    }

    private func options(named name: String, _ facts: ShippedModel?, created: Int64) throws -> Recipe.Options {
        var options = Recipe.Options()
        options.compression = try compression ?? compressionOfTarget()
        options.created = created
        options.labels = try keyValuePairs(label, "--label")
        options.annotations = [
            "org.opencontainers.image.title": name, "org.opencontainers.image.version": pinsonVersion,
        ]
        if let facts {
            options.labels["pinson.model.name"] = facts.name
            options.annotations["pinson.model.name"] = facts.name
            options.annotations["pinson.model.digest"] = "\(facts.digest)"
        }
        options.annotations.merge(try keyValuePairs(annotation, "--annotation")) { $1 }
        if let base, !ImageLocation(base).isLocal {
            options.annotations["org.opencontainers.image.base.name"] = base
        }
        for text in add {
            guard let colon = text.lastIndex(of: ":") else {
                throw ValidationError("The value '\(text)' is invalid for '--add <file:/path>': expected FILE:/PATH.")
            }
            options.extra[String(text[text.index(after: colon)...])] = String(text[..<colon])
        }
        return options
    }

    /// The compression that the target needs: gzip where its limits do not allow plain tars.
    private func compressionOfTarget() throws -> Compression? {
        guard let target = try target.map({ try limits.targets().find($0) }),
            let limit = target.limits.first(where: { $0.metric == .compression }), let allowed = limit.allowed
        else { return nil }
        return allowed.contains(Compression.none.rawValue) ? nil : .gzip
    }

    private static func compression(_ text: String) throws -> Compression {
        guard let compression = Compression(rawValue: text), compression != .zstd else {
            throw ValidationError("expected gzip or none.")
        }
        return compression
    }

    private static func epoch() throws -> Int64 {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else { return 0 }
        guard let seconds = Int64(text), seconds >= 0, seconds < 1 << 33 else {
            throw ValidationError(
                "The environment variable SOURCE_DATE_EPOCH is '\(text)', expected seconds since 1970. "
                    + "Change it, or remove it to use 0.")
        }
        return seconds
    }

    private static func summary(of image: Image) -> String {
        let lines = image.layers.map { layer in
            row(
                layer.createdBy.replacing("pinson image build: ", with: ""), "\(decimal(layer.descriptor.size)) bytes")
                + "  \(layer.descriptor.mediaType.compression?.rawValue ?? "")"
        }
        return (["\(image.configuration.platform)  \(image.descriptor.digest)"] + lines).joined(separator: "\n")
    }
}
