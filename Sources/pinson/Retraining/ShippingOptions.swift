import ArgumentParser
import ContainerImage

/// Where the image of a new champion goes, and what is rendered for it.
struct ShippingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Push the image to this name in a registry, with the tags vN for version N and 'champion'.",
            valueName: "host/name"))
    var imageRepository: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var rendering: RenderingOptions

    func validate() throws {
        guard rendering.deploy.isEmpty || imageRepository != nil else {
            throw ValidationError(
                "'--deploy <template>' needs '--image-repository <host/name>', where platforms find the image.")
        }
        guard let imageRepository else { return }
        let reference = try Reference(imageRepository)
        guard reference.digest == nil, reference.tag == nil else {
            throw ValidationError(
                "The value '\(imageRepository)' is invalid for '--image-repository <host/name>': "
                    + "expected a name without a tag and a digest, because each version gets a tag of its own.")
        }
    }
}
