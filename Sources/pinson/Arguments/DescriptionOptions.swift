import ArgumentParser
import ModelFile

/// What a model file says about its model, for people and for the bill of materials of an image.
struct DescriptionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A text about the model.", valueName: "text"))
    var description: String?

    @Option(
        help: ArgumentHelp(
            "The licence of the model, as an SPDX identifier. The default is the one in README.md of the checkpoint.",
            valueName: "id"))
    var license: String?

    @Option(help: ArgumentHelp("The address of the model's source.", valueName: "url"))
    var sourceUrl: String?

    @Option(help: ArgumentHelp("The version of the model.", valueName: "version"))
    var modelVersion: String?

    var modelDescription: ModelDescription {
        var model = ModelDescription()
        (model.text, model.license, model.source, model.version) = (description, license, sourceUrl, modelVersion)
        return model
    }
}
