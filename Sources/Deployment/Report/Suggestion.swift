/// The next step that is suggested when a limit is exceeded.
enum Suggestion {
    /// Returns a suggestion for a metric.
    ///
    /// - Parameters:
    ///   - metric: The metric whose limit is exceeded.
    ///   - excess: The number of bytes or seconds over the limit; 0 for a metric that is not a number.
    ///   - measurements: The measurements, whose files show what takes the space.
    /// - Returns: One or two sentences, or nil if nothing can be suggested.
    static func text(for metric: Metric, excess: Double, _ measurements: Measurements) -> String? {
        switch metric {
        case .compressed, .unpacked, .resident, .residentIdle, .anonymous, .largestLayer, .fileInGit:
            return measurements.suggestion ?? size(metric, excess: excess, measurements)
        case .platform: return "Build with a --program for one of the allowed platforms."
        case .manifest: return "Build with a single --program, or push the image of one platform by its digest."
        case .compression: return "Build with --compression gzip."
        case .user: return "Build with `pinson image build`, which sets the user to 65532."
        case .startUp: return "Pack a smaller model, or raise the start-up time limit of the platform if it can be set."
        case .probePath: return "Use /health/ready and /health/live as probe paths."
        case .file: return "Add the file with `pinson image build --add FILE:PATH`."
        case .protocol: return "Build the image with the function of this version of pinson."
        case .instructionSet: return nil
        }
    }

    /// The suggestion for a size, which depends on whether the model is large enough to matter.
    private static func size(_ metric: Metric, excess: Double, _ measurements: Measurements) -> String {
        if metric == .resident || metric == .residentIdle || metric == .anonymous {
            return "Choose more memory, or pack a smaller model."
        }
        let model = measurements.files.first { $0.path.hasSuffix(".gguf") }
        guard let model, Double(model.bytes) >= excess else {
            return
                "Find the largest files with `pinson image inspect`, and leave out files that the function does not need."
        }
        if metric == .fileInGit { return "Pack a smaller model, or store the file outside of Git." }
        return "Leave the model out of the image (--without-model) and mount it, or pack a smaller model."
    }
}
