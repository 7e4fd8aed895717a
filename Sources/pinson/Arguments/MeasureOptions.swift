import ArgumentParser

/// The options that decide what is measured, and with which program.
struct MeasureOptions: ParsableArguments {
    @Flag(help: "Do not run the function. Memory is estimated as the size of the model file plus 80 MB.")
    var estimate = false

    @Flag(
        help:
            "Run the image's own program even if it is not the function next to pinson. Use it only for images that you trust."
    )
    var run = false

    @Option(
        help: ArgumentHelp(
            "The function to measure a model with. The default is the one next to pinson.", valueName: "file"))
    var program: String?

    var measurer: ImageMeasurer { ImageMeasurer(estimates: estimate, trustsImages: run, program: program) }
}
