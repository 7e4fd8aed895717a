import Foundation
import ModelFile

extension TrainingRecipe {
    /// The options that belong to one training and not to the recipe: its files, its threads, and what is told about it.
    private static let options: Set = [
        "--data", "-o", "--output", "--validation", "--text-column", "--label-column", "--map", "--on-error",
        "--report", "--track", "--run-name", "--name", "--save", "--checkpoint-dir", "--checkpoint-minutes",
        "--threads", "--cache",
    ]

    /// The options that name other models and texts that the training needs.
    private static let inputs: Set = ["--base", "--teacher", "--unlabelled", "--vectors", "--encoder"]

    /// The recipe of the `pinson train` that runs, or nil if another command runs.
    static var ofThisCommand: TrainingRecipe? {
        let arguments = CommandLine.arguments.dropFirst()
        return arguments.first == "train" ? TrainingRecipe(ofCommand: Array(arguments.dropFirst())) : nil
    }

    /// The recipe in the arguments of a `pinson train`.
    ///
    /// - Parameter arguments: The arguments after the name of the command.
    init(ofCommand arguments: [String]) {
        var kept: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let name = String(argument.prefix { $0 != "=" })
            guard Self.options.contains(name) else {
                if argument != "--json" { kept.append(argument) }
                continue
            }
            if name == argument { _ = rest.popFirst() }  // else the value follows the equals sign
        }
        self.init(kept)
    }

    /// The arguments with the paths of files and folders from the root, so that they mean the same in any folder.
    ///
    /// A model on a server keeps its name.
    var argumentsWithWholePaths: [String] {
        var isInput = false
        return arguments.map { argument in
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            defer { isInput = Self.inputs.contains(argument) }
            if isInput { return Self.whole(argument) }
            guard parts.count == 2, Self.inputs.contains(parts[0]) else { return argument }
            return "\(parts[0])=\(Self.whole(parts[1]))"
        }
    }

    private static func whole(_ path: String) -> String {
        let isOnServer = ["mlflow:", "models:/", "runs:/"].contains(where: path.hasPrefix)
        return isOnServer ? path : URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
