import ModelFile

extension TrainingRecipe {
    /// The options that belong to one training and not to the recipe: its files, and what is told about it.
    private static let options: Set = [
        "--data", "-o", "--output", "--validation", "--text-column", "--label-column", "--map", "--on-error",
        "--report", "--track", "--run-name", "--name",
    ]

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
}
