import ArgumentParser
import ContainerImage
import Foundation
import Tracking

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts the champion before the one of now back in its place.",
        discussion: """
            The alias 'champion' of the registered model moves back to the version from which 'pinson promote' took it. \
            Run it again to go one more step back. Versions that were deleted are left out. The version that loses the \
            alias gets a tag with the time. If the version has an image in a registry, the tag 'champion' of the image moves \
            back too, and --deploy renders the deployment with its digest. The server is that of MLFLOW_TRACKING_URI.
            """)

    @Argument(help: "The name of the registered model.")
    var name: String

    @Flag(help: "Leave the registry of the images as it is.")
    var withoutImage = false

    @OptionGroup var rendering: RenderingOptions
    @OptionGroup var registry: RegistryOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard !withoutImage || rendering.deploy.isEmpty else {
            throw ValidationError(
                "'--deploy <template>' renders the image, so it cannot be used with '--without-image'.")
        }
    }

    private struct Result: Encodable {
        var name: String
        /// The number of the version that was champion, if there was one.
        var from: String?
        /// The number of the version that is champion now.
        var to: String
        /// The name of its image in a registry with the digest, or nil if the version has none.
        var image: String?
        /// The files that were rendered.
        var files: [String] = []
    }

    func run() async throws {
        try RegisteredModel.check(name: name)
        let server = try FetchedModel.server()
        let (from, to, outcome) = try await Champion(of: name, on: server).rollBack()
        guard outcome == .done, let to else {
            say("pinson: another program is changing the champion of \(name). Look at the champion, and try again.")
            throw ExitCode(1)
        }
        let image = withoutImage ? nil : to.tags[ModelTag.image]
        var files: [String] = []
        if let image { files = try await ship(image) }
        if json {
            try printJSON(Result(name: name, from: from?.version, to: to.version, image: image, files: files))
        } else {
            let before = from.map { " again, instead of mlflow:\(name)/\($0.version)" } ?? " again"
            print("mlflow:\(name)/\(to.version) is the champion\(before).".singleLine)
            if let image { print("Its image is \(image).".singleLine) }
            for file in files { print("rendered \(file)".singleLine) }
        }
        if image == nil, !withoutImage, !rendering.deploy.isEmpty {
            say("pinson: no image of mlflow:\(name)/\(to.version) is recorded, so nothing was rendered.")
            throw ExitCode(1)
        }
    }

    /// Moves the tag of the champion's image, and renders the deployment.
    ///
    /// The champion has moved already, so an error says what is left to do; the command would go one more step back.
    private func ship(_ image: String) async throws -> [String] {
        let reference = try Reference(image)
        let tagged = "\(reference.familiarName):\(Champion.alias)"
        do {
            let found = try await ImageLocation(image).read(from: registry)
            _ = try await registry.connect(Reference(tagged)).push(found)
            try RetrainingFolder.make(rendering.rendering.folder)
            return try rendering.rendering.commands(image).map { command in
                let folder = FileManager.default.currentDirectoryPath
                let arguments = command.arguments + registry.arguments
                let result = try PinsonCommand(arguments: arguments, folder: folder).run()
                guard result.status == 0 else { throw ExitCode(result.status) }
                return command.file
            }
        } catch {
            say(
                """
                pinson: the champion has moved back, but its image has not. Do not run this command again, because it would go \
                one more step back. Run 'pinson image push \(image) \(tagged)' and 'pinson deploy' instead.
                """)
            throw error
        }
    }
}
