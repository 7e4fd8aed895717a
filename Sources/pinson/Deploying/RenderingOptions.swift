import ArgumentParser
import Deployment
import Foundation

/// The templates that a command renders after it has changed the champion.
struct RenderingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Render a template of 'pinson deploy' for the image, such as cloud-run. Repeat it for several.",
            valueName: "template"))
    var deploy: [String] = []

    @Option(help: ArgumentHelp("The folder for the rendered files.", valueName: "folder"), completion: .directory)
    var deployTo = "."

    @Option(help: ArgumentHelp("A value for the templates. Repeat it for several values.", valueName: "NAME=VALUE"))
    var set: [String] = []

    func validate() throws {
        for name in deploy { _ = try DeployTemplate.find(name) }
        _ = try keyValuePairs(set, "--set")
    }

    /// The choices, with the path of the folder from the root.
    var rendering: Rendering {
        Rendering(
            templates: deploy, folder: URL(fileURLWithPath: deployTo).standardizedFileURL.path,
            options: self.set.flatMap { ["--set", $0] })
    }
}

/// Templates of `pinson deploy`, and where their files go.
struct Rendering: Codable {
    /// The names of the templates.
    var templates: [String]
    /// The folder for the rendered files.
    var folder: String
    /// The options that give values.
    var options: [String]

    /// A command of pinson that renders a file.
    struct Command {
        /// The name of the template.
        var template: String
        /// The file that is written.
        var file: String
        var arguments: [String]
    }

    /// The commands that render an image.
    ///
    /// - Parameters:
    ///   - image: The image: a tar, or a name in a registry.
    ///   - reference: Its name in a registry, if it is a tar.
    /// - Returns: One command for each template.
    /// - Throws: `DeploymentError` if a template is not known.
    func commands(_ image: String, reference: String? = nil) throws -> [Command] {
        let named = reference.map { ["--reference", $0] } ?? []
        return try templates.map { name in
            let file = "\(folder)/\(try DeployTemplate.find(name).fileName)"
            return Command(
                template: name, file: file, arguments: ["deploy", name, image, "-o", file] + named + options)
        }
    }
}
