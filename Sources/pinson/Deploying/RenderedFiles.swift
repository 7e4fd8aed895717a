import CloudRunFiles
import Deployment
import Foundation

/// The file that a platform needs, and those that belong beside it.
struct RenderedFiles {
    private let files: [(name: String, text: String)]

    /// Renders and checks templates.
    ///
    /// - Parameters:
    ///   - names: The names of the template files, of which the first one is the main one.
    ///   - values: The values of the variables.
    ///   - given: The names of the variables that the user has set, each of which a template must have.
    /// - Throws: `DeploymentError` if a variable is not known, has no value, or the result has a known mistake.
    init(_ names: [String], _ values: [String: String], given: Set<String>) throws {
        let templates = names.map { Template(CloudRunFiles.template($0) ?? "", named: $0) }
        let known = templates.dropFirst().map { Set($0.variables.map(\.name)) }.reduce(Set<String>()) { $0.union($1) }
        files = try zip(names, templates).enumerated().map { index, pair in
            let (name, template) = pair
            let own = Set(template.variables.map(\.name))
            // The error about an unknown variable lists those of the main file.
            let text = try template.render(values, given: index == 0 ? given.subtracting(known.subtracting(own)) : [])
            try RenderedTemplate(text, named: name).validate()
            return (name, text)
        }
    }

    /// The main file.
    var first: String { files[0].text }

    /// Writes the files into one folder.
    ///
    /// - Parameter path: The path of the main file; the others keep their names.
    /// - Returns: The path of each file, by its name.
    /// - Throws: `FileError` if a file cannot be written.
    func write(firstTo path: String) throws -> [(name: String, path: String)] {
        let folder = (path as NSString).deletingLastPathComponent
        return try files.enumerated().map { index, file in
            let own = index == 0 ? path : (folder as NSString).appendingPathComponent(file.name)
            try writeFile(file.text, to: own)
            return (file.name, own)
        }
    }
}
