import ArgumentParser
import Deployment

/// Checks whether a model fits the platforms where it will run, as `check` does.
struct TargetConditions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A target that the candidate must fit. Repeat it for several targets. See 'pinson targets'.",
            valueName: "name"))
    var target: [String] = []

    @OptionGroup var limits: LimitsOption

    @Option(
        help: ArgumentHelp(
            "The function to measure the candidate with. The default is the one next to pinson.", valueName: "file"))
    var program: String?

    /// The chosen targets.
    ///
    /// - Throws: `DeploymentError` if a target is not known.
    func chosen() throws -> [Target] {
        let known = try limits.targets()
        return try target.map { try known.find($0) }
    }

    /// Measures a model once, and compares it with each target.
    func conditions(_ path: String, _ targets: [Target]) async throws -> [PromotionCondition] {
        guard !targets.isEmpty else { return [] }
        say("checking whether the candidate fits \(targets.map(\.name).joined(separator: ", "))")
        var measurer = ImageMeasurer(estimates: false, trustsImages: false, program: program)
        measurer.wanted = targets.wantedFiles
        let measurements = try await measurer.measure(path, from: try RegistryOptions.parse([]))
        return targets.map { target in
            let report = Report(measurements, against: [target])
            func messages(_ status: Finding.Status) -> String {
                report.findings.filter { $0.status == status }.map(\.message).joined(separator: " ")
            }
            switch report.status {
            case .violation: return PromotionCondition(.target, target.name, .fails, messages(.violation))
            case .unmeasured: return PromotionCondition(.target, target.name, .unmeasured, messages(.unmeasured))
            case .pass, .warning: return PromotionCondition(.target, target.name, .holds, "the candidate fits")
            }
        }
    }
}
