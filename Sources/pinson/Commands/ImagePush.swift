import ArgumentParser
import ContainerImage

struct ImagePush: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Pushes an image to a registry, and prints its name with the digest.",
        discussion: """
            Credentials are taken from REGISTRY_HOST, REGISTRY_USERNAME and REGISTRY_PASSWORD, from DOCKER_AUTH_CONFIG, or \
            from `docker login` and `podman login`. HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are used if they are set. The \
            tag is moved last, so it never names an image that is not complete.
            """)

    @OptionGroup var source: ImageArgument

    @Argument(help: ArgumentHelp("The name to push to, as host/repository:tag.", valueName: "reference"))
    var reference: String

    @Flag(help: "Do not push the bill of materials.")
    var withoutSbom = false

    func run() async throws {
        let reference = try Reference(reference)
        var image = try await source.read()
        if withoutSbom { image = image.withoutSBOMs() }
        let registry = try await source.registry.connect(reference)
        let progress = PushProgress()
        let digest = try await registry.push(image) { progress.note($0) }
        progress.finish()
        print(reference.pinned(digest))
    }
}
