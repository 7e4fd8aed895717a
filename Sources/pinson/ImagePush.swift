import ArgumentParser
import ContainerImage

struct ImagePush: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Sends an image to a registry, and prints its name with the digest.",
        discussion: """
            Credentials are those of docker login and podman login, DOCKER_AUTH_CONFIG, or REGISTRY_HOST with \
            REGISTRY_USERNAME and REGISTRY_PASSWORD. HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are honoured. The tag moves \
            once, after everything it names is there.
            """)

    @OptionGroup var source: ImageArgument

    @Argument(help: ArgumentHelp("Where to: host/repository:tag.", valueName: "reference"))
    var reference: String

    @Flag(help: "Do not send the bill of materials.")
    var withoutSbom = false

    func run() async throws {
        let reference = try Reference(reference)
        var image = try await source.read()
        if withoutSbom { image = image.withoutSBOMs() }
        let registry = try await Registry.connect(reference, allowsHTTP: source.insecure)
        let progress = PushProgress()
        let digest = try await registry.push(image) { progress.note($0) }
        progress.finish()
        print(reference.pinned(digest))
    }
}
