import ArgumentParser
import Feedback
import Files
import Foundation

struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback", abstract: "Reads what users have reported about predictions.",
        subcommands: [ExportFeedback.self])
}

struct ExportFeedback: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes all reports of a volume, each one once, in the order of their times.",
        discussion: """
            The folder is the FEEDBACK_DIR of the function, of one instance or of many. It can be read while they write to \
            it. Reports that were erased are left out, and lines that are damaged are counted on stderr.
            """)

    @Argument(
        help: ArgumentHelp("The folder with the reports.", valueName: "folder"), completion: .directory)
    var folder: String

    @Option(help: "The format of the output.")
    var format = ReportWriter.Format.jsonl

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A file to write instead of stdout. It appears only when it is complete.", valueName: "file"),
        completion: .file())
    var output: String?

    func run() throws {
        let archive = try FeedbackArchive(reading: FolderVolume(path: folder))
        for (file, lines) in archive.damaged {
            say("\(file): \(lines == 1 ? "1 line is" : "\(lines) lines are") damaged and left out")
        }
        let writer = ReportWriter(format: format)
        if let output {
            let file = try AtomicFile(path: output)
            try write(archive, writer) { try file.append($0) }
            try file.commit()
        } else {
            try write(archive, writer) { try StandardOutput.write($0) }
        }
        let count = archive.records.count
        say("\(count) \(count == 1 ? "report" : "reports")" + (archive.erased > 0 ? ", \(archive.erased) erased" : ""))
    }

    private func write(_ archive: FeedbackArchive, _ writer: ReportWriter, _ write: ([UInt8]) throws -> Void) throws {
        try write(writer.header)
        for start in stride(from: 0, to: archive.records.count, by: 1000) {
            try write(archive.records[start...].prefix(1000).flatMap(writer.line))
        }
    }
}

extension ReportWriter.Format: ExpressibleByArgument {}
