import ContainerFiles
import ContainerImage
import Foundation

/// The image of the function and a model, built with the recipe that Pinson carries or with the user's own.
struct FunctionImage {
    /// The recipe that Pinson carries, or the one in the user's file.
    var recipe: Recipe
    /// The path of the program to run.
    var program: String
    /// The path of the model, or nil if it will be mounted.
    var model: String?
    /// The path of the certificates of authorities, for a program that connects to others with TLS.
    var certificates: String?
    var options = Recipe.Options()

    /// Reads the recipe.
    ///
    /// - Throws: `ContainerImageError` if the recipe is not valid.
    init(program: String, model: String?, recipe path: String? = nil) throws {
        self.program = program
        self.model = model
        recipe =
            try path.map { try Recipe(json: try readSmallFile($0), named: $0) }
            ?? Recipe(json: ContainerFiles.recipe, named: "the recipe of pinson")
    }

    /// Builds the image on an empty root file system or on `base`.
    ///
    /// - Parameter base: Returns the image to build on for the platform of the program, or nil for an empty one.
    /// - Returns: The image.
    /// - Throws: `ContainerImageError` if the program is not an executable, needs libraries that the image does not
    ///   have, or is for another platform than the base image.
    func build(on base: (Platform) async throws -> Image? = { _ in nil }) async throws -> Image {
        let executable = try ELF(path: program)
        var options = options
        options.labels["pinson.instruction-set"] = executable.platform.baselineProcessor
        let start: Image
        if let base = try await base(executable.platform) {
            guard base.configuration.architecture == executable.platform.architecture else {
                throw ContainerImageError.mismatch(
                    what: program, found: "a program for \(executable.platform)",
                    expected: "one for \(base.configuration.platform), as the base image")
            }
            options.annotations["org.opencontainers.image.base.digest"] = "\(base.descriptor.digest)"
            start = base
        } else if executable.needed.isEmpty {
            start = try Image.scratch(executable.platform)
        } else {
            throw ContainerImageError.missingLibraries(path: program, libraries: executable.needed)
        }
        var inputs = ["program": program]
        inputs["model"] = model
        inputs["certificates"] = certificates
        return try await recipe.build(on: start, inputs: inputs, options: options)
    }
}

extension Platform {
    /// The oldest processors on which the function runs.
    ///
    /// Its kernels use newer instructions where there are some.
    fileprivate var baselineProcessor: String { architecture == "amd64" ? "x86-64" : "armv8-a" }
}
