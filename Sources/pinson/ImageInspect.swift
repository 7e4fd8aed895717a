import ArgumentParser
import ContainerImage

struct ImageInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what is in an image, and what it weighs.")

    @OptionGroup var image: ImageArgument

    @Flag(help: "Read every blob and compare it with its digest, every layer with its diff id; exit 1 if one differs.")
    var verify = false

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws { try await Self.show(image, verify: verify, json: json) }

    static func show(_ argument: ImageArgument, verify: Bool, json: Bool) async throws {
        let name = argument.image
        let image: ImageOrIndex
        do {
            image = try await argument.read()
            if verify { for image in image.images { try await image.verify() } }
        } catch let error as ContainerImageError {
            guard verify, case .mismatch = error else { throw error }
            say("pinson: \(error)")
            throw ExitCode(1)
        }
        if json { return try printJSON(ImageSummary(image)) }
        print("\(name): \(image.descriptor.digest)\(verify ? ", every digest right" : "")")
        for image in image.images {
            let configuration = image.configuration
            let execution = configuration.config
            print("\(configuration.platform)  \(image.descriptor.digest)")
            print(row("created", (configuration.created ?? "-").singleLine))
            print(row("runs", (execution?.entrypoint ?? []).joined(separator: " ").singleLine))
            print(row("as user", (execution?.user ?? "root").singleLine))
            print(row("listens on", (execution?.ports ?? []).map(String.init).joined(separator: ", ")))
            for variable in execution?.environment ?? [] { print(row("environment", variable.singleLine)) }
            for (key, value) in (image.manifest.annotations ?? [:]).sorted(by: { $0.key < $1.key }) {
                print("  \(key) = \(value)".singleLine)
            }
            print("  layers")
            for layer in image.layers {
                print(
                    row("  \(layer.descriptor.digest.hex.prefix(12))", "\(decimal(Int(layer.descriptor.size))) bytes")
                        + "  \(layer.descriptor.mediaType.compression?.rawValue ?? layer.descriptor.mediaType.rawValue)  \(layer.createdBy)"
                        .singleLine
                )
            }
            guard configuration.os == "linux" else { continue }
            let size = try await ImageSize(of: image)
            print(row("compressed", "\(decimal(Int(size.compressed))) bytes") + "  (registry, pull)")
            print(row("unpacked", "\(decimal(Int(size.unpacked))) bytes") + "  (disk)")
            print("  heaviest files")
            for file in size.files.prefix(10) {
                print(row("  \(file.path.singleLine)", "\(decimal(Int(file.size))) bytes"))
            }
        }
    }
}

/// An image for a program that reads.
struct ImageSummary: Encodable {
    struct One: Encodable {
        var platform: String
        var digest: String
        var layers: [Descriptor]
        var configuration: Configuration
        var annotations: [String: String]?
        var compressedBytes: Int64
    }

    var digest: String
    var mediaType: String
    var images: [One]

    init(_ image: ImageOrIndex) {
        digest = "\(image.descriptor.digest)"
        mediaType = image.descriptor.mediaType.rawValue
        images = image.images.map { image in
            One(
                platform: "\(image.configuration.platform)", digest: "\(image.descriptor.digest)",
                layers: image.layers.map(\.descriptor), configuration: image.configuration,
                annotations: image.manifest.annotations,
                compressedBytes: image.layers.reduce(image.manifest.config.size) { $0 + $1.descriptor.size })
        }
    }
}
