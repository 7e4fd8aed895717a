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

    @Flag(help: "Allow registries on other machines to be used without TLS if they do not offer it.")
    var insecure = false

    func read() async throws -> ImageOrIndex { try await ImageLocation(image).read(insecure: insecure) }
}
