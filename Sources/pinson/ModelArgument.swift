import ArgumentParser
import Foundation
import Inference
import ModelFile

/// The model file that most verbs take first.
struct ModelArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("A model file, as `pinson pack` writes it.", valueName: "model.gguf"),
        completion: .file(extensions: ["gguf"]))
    var model: String

    func open() throws -> ModelFile {
        let file = try ModelFile(path: model)
        if !file.isMapped { say("\(model): could not be mapped, so it was read into memory") }
        return file
    }

    func classifier() throws -> Classifier {
        try Classifier(open(), instructionSet: .fromEnvironment())
    }
}

/// Whether the file at `path` is meant to be a model: by its name, or its first bytes.
func isModel(_ path: String) -> Bool {
    if path.hasSuffix(".gguf") { return true }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    return (try? file.read(upToCount: 4)) == Data("GGUF".utf8)
}

/// A model that gives no labels was asked for some.
struct NoHead: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path): is a sentence encoder without labels; train a classifier on top of it, or pack a checkpoint that has one."
    }
}
