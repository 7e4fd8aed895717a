import Deployment

extension Measurements {
    /// The most memory that the function needs in addition to the model file, under the full load that it accepts.
    ///
    /// It was measured with the embedded model and one worker, and rounded up.
    private static let overhead: Int64 = 80_000_000

    /// Adds what the model file itself says.
    mutating func add(_ model: ShippedModel) {
        self[.fileInGit] = Double(model.bytes)
        guard let saving = model.saving else { return }
        let megabytes = fixed(Double(saving.bytes) / 1e6, 1)
        suggestion =
            "Packing the model with --bits 8 saves \(megabytes) MB, most of it in the tensor '\(saving.tensor)'."
    }

    /// Estimates the memory from the size of the model, for the given reason.
    mutating func estimate(_ model: ShippedModel, because reason: String) {
        self[.resident] = Double(Int64(model.bytes) + Self.overhead)
        self[.anonymous] = Double(Self.overhead)
        remark(.resident, "estimated as the size of the model file plus 80 MB, because \(reason)")
        remark(.startUp, "the function was not run, because \(reason)")
    }

    /// Records why nothing is known about the memory and the start-up time.
    mutating func remark(trial reason: String) {
        for metric in [Metric.resident, .startUp] { remark(metric, reason) }
    }
}
