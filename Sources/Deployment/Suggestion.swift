/// One thing that would help, in the words of somebody who has done it before.
enum Suggestion {
    static func text(_ measure: Measure, excess: Double, _ measurement: Measured) -> String? {
        switch measure {
        case .compressed, .unpacked, .resident, .largestLayer, .fileInGit:
            if let text = measurement.remarks["suggestion"] { return text }
            guard let model = measurement.files.first(where: { $0.path.hasSuffix(".gguf") }) else {
                return
                    "Look for the heaviest files with `pinson image inspect`, and leave out what is not needed at run time."
            }
            if Double(model.bytes) < excess {
                return
                    "The model (\(Quantity.short(Double(model.bytes), .unpacked))) is not the cause; look for the heaviest "
                    + "files with `pinson image inspect`."
            }
            if measure == .resident { return "Order more memory, or pack a smaller model." }
            return "Leave the model out of the image (--without-model) and mount it, or pack a smaller model."
        case .platform: return "Build with a --binary for one of the allowed platforms."
        case .manifest: return "Build with a single --binary, or push the one image by its digest."
        case .compression: return "Build with --compression gzip."
        case .user: return "Build with `pinson image build`, which runs it as 65532."
        case .startUp: return "Pack a smaller model, or let the platform wait longer if it can."
        case .probePath: return "Probe /health/ready and /health/live."
        case .instructionSet: return nil
        }
    }
}
