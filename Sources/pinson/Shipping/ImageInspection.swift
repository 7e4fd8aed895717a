import ArgumentParser
import ContainerImage

/// Shows an image, for `inspect` and `image inspect`.
struct ImageInspection {
    /// The place of the image, as the user has written it.
    let name: String
    let registry: RegistryOptions
    let verify: Bool
    let json: Bool

    func run() async throws {
        let found: ImageOrIndex
        do {
            found = try await ImageLocation(name).read(from: registry)
            if verify {
                let budget = UnpackingBudget()
                for image in found.images { try await image.verify(within: budget) }
            }
        } catch let error as ContainerImageError {
            guard verify, case .mismatch = error else { throw error }
            say("pinson: \(error)")
            throw ExitCode(1)
        }
        if json { return try printJSON(ImageSummary(found)) }
        print("\(name): \(found.descriptor.digest)\(verify ? ", all digests are correct" : "")".singleLine)
        let budget = UnpackingBudget()
        for image in found.images { try await show(image, within: budget) }
    }

    private func show(_ image: Image, within budget: UnpackingBudget) async throws {
        let configuration = image.configuration
        let execution = configuration.config
        print("\(configuration.platform)  \(image.descriptor.digest)".singleLine)
        print(row("created", (configuration.created ?? "-").singleLine))
        print(row("entry point", (execution?.entrypoint ?? []).joined(separator: " ").singleLine))
        print(row("user", (execution?.user ?? "root").singleLine))
        print(row("ports", (execution?.ports ?? []).map(String.init).joined(separator: ", ")))
        for variable in execution?.environment ?? [] { print(row("environment", variable.singleLine)) }
        for (key, value) in (image.manifest.annotations ?? [:]).sorted(by: { $0.key < $1.key }) {
            print("  \(key) = \(value)".singleLine)
        }
        print("  layers")
        for layer in image.layers {
            let descriptor = layer.descriptor
            let form = descriptor.mediaType.compression?.rawValue ?? descriptor.mediaType.rawValue
            print(
                row("  \(descriptor.digest.hex.prefix(12))", "\(decimal(descriptor.size)) bytes")
                    + "  \(form)  \(layer.createdBy)".singleLine)
        }
        guard configuration.os == "linux" else { return }
        let contents = try await ImageContents(of: image, within: budget)
        print(row("compressed", "\(decimal(contents.compressed)) bytes") + "  (registry, pull)")
        print(row("unpacked", "\(decimal(contents.unpacked)) bytes") + "  (disk)")
        print("  largest files")
        for file in contents.files.prefix(10) {
            print(row("  \(file.path.singleLine)", "\(decimal(file.size)) bytes"))
        }
    }
}
