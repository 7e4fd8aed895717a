import ArgumentParser
import Inference
import ModelFile

/// The model file, which is the first argument of most commands.
struct ModelArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A model file, or a model on a tracking server, such as mlflow:NAME@champion.", valueName: "model.gguf"),
        completion: .file(extensions: ["gguf"]))
    var model: String

    func open() throws -> ModelFile {
        let file = try ModelFile(path: FetchedModel.path(waitingFor: model))
        if !file.isMapped { say("\(model): cannot be mapped, so it was read into memory") }
        return file
    }

    func classifier() throws -> Classifier {
        try Classifier(open(), instructionSet: InstructionSet.chosenByUser())
    }
}
