import ArgumentParser
import Deployment
import Foundation
import ModelFile

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks whether a model or an image fits the platforms where it will run.",
        discussion: """
            It reports three sizes, because each limit concerns a different one: the compressed layers (registry and \
            pull), the unpacked root file system (disk), and resident memory. Memory is measured by running the function \
            and read twice: after one answer, and under the full load that it accepts. Limits of memory concern the second. \
            The exit code is 0 if everything fits, 1 if a hard limit is exceeded, and 3 if a value with a hard limit \
            could not be measured. With --strict, the exit code is also 1 if there is a warning.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, junit, sarif, github }

    @Argument(
        help: ArgumentHelp(
            "A model file, a model on a tracking server, or an image: a folder, a tar, or a name in a registry.",
            valueName: "model|image"))
    var subject: String

    @OptionGroup var limits: LimitsOption
    @OptionGroup var options: MeasureOptions

    @Option(
        help: ArgumentHelp(
            "A target to check. Repeat it for several targets. The default is all of them, or none with --budget.",
            valueName: "name"))
    var target: [String] = []

    @Option(
        help: ArgumentHelp(
            "Your own hard limits, such as compressed=30MB,resident=512MiB,start-up=1s. They count in addition to those of --target.",
            valueName: "limits"))
    var budget: [String] = []

    @Flag(help: "Fail if there is a warning. Without this flag, limits that are advice only warn.")
    var strict = false

    @Flag(name: [.short, .long], help: "Also show the limits that hold, for each target.")
    var verbose = false

    @Option(help: "The format of the report.")
    var format = Format.text

    @Option(
        help: ArgumentHelp("An earlier report in JSON, to compare the sizes with.", valueName: "file"),
        completion: .file())
    var baseline: String?

    @Option(
        help: ArgumentHelp(
            "The growth since the baseline that is allowed, such as 5%. Measured memory varies, so it may always grow a little.",
            valueName: "percent"),
        transform: CheckCommand.share)
    var maxGrowth: Double?

    @OptionGroup var registry: RegistryOptions

    static func share(_ text: String) throws -> Double {
        guard let percent = Double(text.hasSuffix("%") ? text.dropLast() : text[...]), percent >= 0, percent.isFinite
        else { throw ValidationError("expected a percentage such as 5%.") }
        return percent / 100
    }

    func validate() throws {
        guard maxGrowth == nil || baseline != nil else {
            throw ValidationError("'--max-growth' needs '--baseline <file>'.")
        }
    }

    func run() async throws {
        let subject = try await FetchedModel.path(subject)
        let chosen = try chosenTargets()
        let all = try limits.targets().all
        let old = try baseline.map { try Report(json: readSmallFile($0), named: $0) }
        var measurer = options.measurer
        measurer.wanted = (chosen ?? all).wantedFiles
        let measurements = try await measurer.measure(subject, from: registry)
        let targets =
            chosen
            ?? all.filter { target in
                target.program.map { measurements.values[Metric.file.rawValue]?.contains($0) == true } ?? true
            }
        var report = Report(measurements, against: targets, isStrict: strict)
        if let old { report = report.compared(with: old, maximumGrowth: maxGrowth ?? 0) }
        try show(report, targets)
        switch report.status {
        case .violation: throw ExitCode(1)
        case .unmeasured: throw ExitCode(3)
        case .pass, .warning: break
        }
    }

    /// The targets that the user chose, followed by the budget; nil if the user chose neither.
    ///
    /// All targets are checked then, except for those that need a program that only images for them contain.
    private func chosenTargets() throws -> [Target]? {
        let known = try limits.targets()
        if target.isEmpty && budget.isEmpty { return nil }
        let chosen = try target.map { try known.find($0) }
        return budget.isEmpty ? chosen : chosen + [try Target(budget: budget.joined(separator: ","))]
    }

    private func show(_ report: Report, _ targets: [Target]) throws {
        switch format {
        case .text:
            let style = TextStyle(width: Terminal.width, isColoured: Terminal.hasColours(), isVerbose: verbose)
            print(report.text(targets: targets.map { ($0.name, $0.title) }, style: style))
        case .json: print(try report.json())
        case .junit: print(report.junit())
        case .sarif: print(try report.sarif(version: pinsonVersion))
        case .github:
            let annotations = report.annotations()
            if !annotations.isEmpty { print(annotations) }
            try addToSummary(report)
        }
    }

    /// Appends the table to the summary of the GitHub workflow run.
    private func addToSummary(_ report: Report) throws {
        guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else {
            return say(report.markdown())
        }
        let before = (try? readSmallFile(path)) ?? Data()
        try (before + Data(report.markdown().utf8)).write(to: URL(fileURLWithPath: path))
    }
}
