import ArgumentParser
import CloudRunFiles
import Deployment

/// The targets that Pinson knows, and those of the user.
struct LimitsOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with more targets, in the form that `pinson targets --json` prints. A target with a known name replaces the known one.",
            valueName: "file"),
        completion: .file())
    var limits: String?

    func targets() throws -> Targets {
        let known = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        guard let limits else { return known }
        return known.overridden(by: try Targets(json: readSmallFile(limits), named: limits))
    }
}
