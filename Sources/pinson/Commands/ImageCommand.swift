import ArgumentParser

struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Builds, pushes and inspects container images without Docker.",
        subcommands: [ImageBuild.self, ImagePush.self, ImageInspect.self])
}
