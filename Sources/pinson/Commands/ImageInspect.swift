import ArgumentParser
import ContainerImage

struct ImageInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what an image contains and how large it is.")

    @OptionGroup var image: ImageArgument

    @Flag(help: "Read everything and compare it with the digests. The exit code is 1 if something differs.")
    var verify = false

    @Flag(help: "Print the image as JSON.")
    var json = false

    func run() async throws {
        try await ImageInspection(name: image.image, registry: image.registry, verify: verify, json: json).run()
    }
}
