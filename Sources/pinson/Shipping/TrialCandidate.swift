import ContainerImage

/// The program and the model of an image, which may be run for a trial.
struct TrialCandidate {
    let image: Image
    /// The absolute path of the program in the image.
    let entrypoint: String
    /// The absolute paths in the image where the function looks for its model, in this order.
    private let models: [String]
    /// What was found in the image, once it has been read.
    var contents: ImageContents?

    init(_ image: Image) {
        self.image = image
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "/\(path)" }
        let execution = image.configuration.config
        entrypoint = absolute(execution?.entrypoint?.first ?? "function")
        let folder = entrypoint.prefix(upTo: entrypoint.lastIndex(of: "/") ?? entrypoint.startIndex)
        models =
            execution?.variable("MODEL_PATH").map { [absolute($0)] } ?? ["/model/model.gguf", "\(folder)/model.gguf"]
    }

    /// Whether this machine can run the program.
    var runsHere: Bool { image.configuration.platform.architecture == Platform.current.architecture }

    /// What must be kept of the files of the image.
    ///
    /// A program is usually the function next to pinson, which is run in its place, so only its digest is needed. Without
    /// a trial, the header of the model is enough.
    func keeping(trial: Bool, program: Bool) -> [String: Int64] {
        let model: Int64 = trial ? .max : 64 << 20
        return Dictionary(models.map { ($0, model) }) { first, _ in first }
            .merging([entrypoint: trial && program ? .max : 0]) { $1 }
    }

    /// The program that was found.
    var program: ImageFile? { contents?.found[entrypoint] }

    /// The model that was found.
    var model: ImageFile? { models.lazy.compactMap { contents?.found[$0] }.first }

    /// The environment variables of the image.
    var environment: [String: String] {
        let pairs = (image.configuration.config?.environment ?? []).compactMap { variable in
            variable.firstIndex(of: "=").map {
                (String(variable[..<$0]), String(variable[variable.index(after: $0)...]))
            }
        }
        return Dictionary(pairs) { $1 }
    }
}

extension ImageFile {
    /// The path of the copy, for this process and for those that inherit its descriptor.
    var path: String? { descriptor.map { "/proc/self/fd/\($0)" } }
}
