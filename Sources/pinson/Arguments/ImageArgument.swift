import ArgumentParser
import ContainerImage

/// An image in a folder, a tar or a registry.
struct ImageArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "An OCI layout folder, a tar, or a name in a registry. If a folder or tar holds several images, append ':name'.",
            valueName: "image"),
        completion: .file())
    var image: String

    @OptionGroup var registry: RegistryOptions

    func read() async throws -> ImageOrIndex { try await ImageLocation(image).read(from: registry) }
}
