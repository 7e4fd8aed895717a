import ArgumentParser
import Feedback
import Files
import Foundation
import Reports
import Tracking

struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback", abstract: "Reads and validates what users have reported about predictions.",
        subcommands: [ExportFeedback.self, ValidateFeedback.self])
}

struct ExportFeedback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes all reports of all sources, each one once, in the order of their times.",
        discussion: """
            A source is the FEEDBACK_DIR of the function, of one instance or of many, as a folder or as the folder of a \
            bucket: s3://BUCKET/FOLDER, gs://BUCKET/FOLDER or az://CONTAINER/FOLDER. It can be read while functions write to \
            it. Reports that were erased are left out, and lines that are damaged are counted on stderr. With '--from', the \
            sources are files of Application Insights or logs. With '--workspace' or '--application', Azure is asked; \
            AZURE_MONITOR_TOKEN is the access token.
            """)

    @Argument(
        help: ArgumentHelp("The folders, buckets or files with reports.", valueName: "source"), completion: .directory)
    var sources: [String] = []

    @Option(
        help: """
            What the files are: application-insights for the result of a query as JSON or CSV, logs for structured logs.
            """)
    var from: ReportSource.Kind?

    @Option(help: ArgumentHelp("The identifier of a Log Analytics workspace.", valueName: "id"))
    var workspace: String?

    @Option(help: ArgumentHelp("The identifier of a classic resource of Application Insights.", valueName: "id"))
    var application: String?

    @Option(help: ArgumentHelp("How many days back Azure is asked.", valueName: "n"))
    var days = 90

    @Option(help: "The format of the output.")
    var format = ReportWriter.Format.jsonl

    @Flag(help: "Print how many reports there are by label, model and week, instead of the reports.")
    var counts = false

    @Flag(help: "Print the counts as JSON.")
    var json = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A file to write instead of stdout. It appears only when it is complete.", valueName: "file"),
        completion: .file())
    var output: String?

    func validate() throws {
        guard !sources.isEmpty || workspace != nil || application != nil else {
            throw ValidationError("There is no source. Give a folder, a bucket, a file, or '--workspace <id>'.")
        }
        guard from == nil || !sources.isEmpty else { throw ValidationError("'--from' needs a file.") }
        guard (1...3650).contains(days) else {
            throw ValidationError("The value '\(days)' is invalid for '--days <n>': expected 1 to 3650.")
        }
        guard counts || !json else { throw ValidationError("'--json' needs '--counts'.") }
        guard !counts || output == nil else {
            throw ValidationError("'--counts' prints to stdout, so it cannot be used with '--output'.")
        }
    }

    func run() async throws {
        var places = sources.map { ReportSource($0, from) }
        if let workspace { places.append(.query(.workspace(workspace), days: days)) }
        if let application { places.append(.query(.application(application), days: days)) }
        var (records, erased): ([FeedbackRecord], Int) = ([], 0)
        for place in places {
            let found = try await place.read()
            records += found.records
            erased += found.erased
        }
        let set = ReportSet(records)
        if counts {
            let counts = ReportCounts(set.records)
            if json { try printJSON(counts) } else { print(counts.text) }
        } else {
            try write(set.records)
        }
        let count = set.records.count
        say(
            "\(count) \(count == 1 ? "report" : "reports")" + (erased > 0 ? ", \(erased) erased" : "")
                + (set.repeated > 0 ? ", \(set.repeated) repeated" : ""))
    }

    private func write(_ records: [FeedbackRecord]) throws {
        let writer = ReportWriter(format: format)
        guard let output else { return try write(records, writer) { try StandardOutput.write($0) } }
        let file = try AtomicFile(path: output)
        try write(records, writer) { try file.append($0) }
        try file.commit()
    }

    private func write(
        _ records: [FeedbackRecord], _ writer: ReportWriter, _ write: ([UInt8]) throws -> Void
    ) throws {
        try write(writer.header)
        for start in stride(from: 0, to: records.count, by: 1000) {
            try write(records[start...].prefix(1000).flatMap(writer.line))
        }
    }
}

extension ReportWriter.Format: ExpressibleByArgument {}
extension ReportSource.Kind: ExpressibleByArgument {}
