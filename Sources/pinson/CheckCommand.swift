import ArgumentParser
import CloudRunFiles
import Deployment
import Foundation

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tells whether a model or an image fits where it is to be deployed.",
        discussion: """
            Three numbers, as one answers no question: compressed layers (registry, pull), the unpacked root file system \
            (disk), and resident memory, measured by running the function once. Exit 0 if it fits, 1 if a hard limit is \
            exceeded, 3 if one could not be measured.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, junit, sarif, github }

    @Argument(
        help: ArgumentHelp("A model file, or an image: folder, tar, or name in a registry.", valueName: "model|image"))
    var subject: String

    @OptionGroup var limits: LimitsOption
    @OptionGroup var measuring: Measuring

    @Option(help: ArgumentHelp("Where it is to fit, once for each; all if not given.", valueName: "name"))
    var target: [String] = []

    @Option(help: "text, json, junit, sarif or github.")
    var format = Format.text

    @Option(help: ArgumentHelp("A report in JSON, to compare the sizes with.", valueName: "file"), completion: .file())
    var baseline: String?

    @Option(
        help: ArgumentHelp("How much more than the baseline is allowed, such as 5%.", valueName: "percent"),
        transform: CheckCommand.share)
    var maxGrowth: Double?

    @Flag(help: "Speak to registries other than this machine's without TLS if they have none.")
    var insecure = false

    static func share(_ text: String) throws -> Double {
        guard text.hasSuffix("%"), let percent = Double(text.dropLast()), percent >= 0, percent.isFinite else {
            throw ValidationError("'\(text)' is no percentage, such as 5%.")
        }
        return percent / 100
    }

    func validate() throws {
        guard maxGrowth == nil || baseline != nil else {
            throw ValidationError("'--max-growth' needs '--baseline <file>'.")
        }
    }

    func run() async throws {
        let known = try limits.targets()
        let targets = target.isEmpty ? known.all : try target.map { try known.find($0) }
        let old = try baseline.map { try Report(json: read($0), named: $0) }
        let measurement = try await measuring.measure(subject, insecure: insecure)
        var report = Report(measurement, against: targets)
        if let old { report = report.compared(with: old, maximumGrowth: maxGrowth ?? 0) }
        switch format {
        case .text:
            let titles = Dictionary(targets.map { ($0.name, $0.title) }) { $1 }
            print(report.text(titles: titles, isColoured: isatty(STDOUT_FILENO) == 1))
        case .json: print(try report.json())
        case .junit: print(report.junit())
        case .sarif: print(try report.sarif(version: Pinson.version))
        case .github:
            let annotations = report.annotations()
            if !annotations.isEmpty { print(annotations) }
            try summarize(report)
        }
        switch report.status {
        case .violation: throw ExitCode(1)
        case .unmeasured: throw ExitCode(3)
        case .pass, .warning: break
        }
    }

    /// Adds the table to the summary of the workflow run.
    private func summarize(_ report: Report) throws {
        guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else {
            return say(report.markdown())
        }
        let before = (try? read(path)) ?? Data()
        try (before + Data(report.markdown().utf8)).write(to: URL(fileURLWithPath: path))
    }
}

/// The targets that pinson knows, and the user's own.
struct LimitsOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "More targets, or others under known names, in the form of `pinson targets --json`.", valueName: "file"),
        completion: .file())
    var limits: String?

    func targets() throws -> Targets {
        let known = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        guard let limits else { return known }
        return known.overridden(by: try Targets(json: read(limits), named: limits))
    }
}
