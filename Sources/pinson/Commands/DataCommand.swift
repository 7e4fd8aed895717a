import ArgumentParser
import ContainerImage
import Foundation
import Training

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Looks at files with texts.", subcommands: [DescribeData.self])
}

struct DescribeData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Describes the labels, lengths, marks and words of a file with texts.",
        discussion: """
            It also counts what is wrong with the data: empty texts, repeated texts, and texts that occur with several \
            labels. It reads files of any length in one pass.
            """)

    @Argument(
        help: ArgumentHelp("A CSV or JSON Lines file with texts, or - for standard input.", valueName: "file"),
        completion: .file())
    var data: String

    @OptionGroup var columns: ColumnOptions
    @OptionGroup var badRows: BadRowOptions

    @Option(help: "The most words to list for each label.")
    var words = 20

    @Option(
        help: ArgumentHelp("An HTML page to write, with charts.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (0...1000).contains(words) else {
            throw ValidationError("The value '\(words)' is invalid for '--words <words>': expected 0 to 1000.")
        }
    }

    func run() throws {
        var reader = try TweetReader(path: data, columns: columns.names)
        var badRows = BadRows(badRows.onError)
        var progress = Progress(unit: "texts")
        var describer = DataDescriber()
        while !badRows.hasStopped {
            let rows = try reader.next(TextArguments.window)
            if rows.isEmpty { break }
            describer.add(badRows.filter(rows))
            progress.advance(by: rows.count, share: reader.share)
        }
        progress.finish()
        try badRows.finish(reader.name)
        let description = describer.description(ngrams: words)
        guard description.texts > 0 else { throw DataError.noTweets(path: data) }
        if let report { try writeFile(DataReport(name: data.singleLine, data: description).html, to: report) }
        if json { try printJSON(description) } else { show(description) }
    }

    private func show(_ data: DataDescription) {
        print("\(self.data): \(decimal(data.texts)) texts".singleLine)
        print("  label             texts    share   characters (half, 95 %, longest)   words (half, 95 %)")
        for label in data.labels {
            let (characters, words) = (label.characters, label.words)
            print(
                "  " + name(label).padding(toLength: 14, withPad: " ", startingAt: 0)
                    + String(format: "%9d", label.texts) + percent(label.texts, of: data.texts)
                    + String(
                        format: "%12d%8d%10d%19d%8d", characters.percentile(0.5), characters.percentile(0.95),
                        characters.largest, words.percentile(0.5), words.percentile(0.95)))
        }
        let problems = [
            ("empty", data.empty), ("equal to an earlier text", data.repeated),
            ("different texts with several labels", data.contradictory), ("could not be decoded", data.undecodable),
        ].filter { $0.1 > 0 }
        print(problems.isEmpty ? "  no problems found" : "  problems")
        for (problem, count) in problems { print(row("  \(problem)", decimal(count))) }
        let shown = Array(data.labels.prefix(6))
        print("  texts with" + String(repeating: " ", count: 24) + shown.map { column(name($0)) }.joined())
        for trait in TextTrait.allCases where shown.contains(where: { $0.traits[trait] ?? 0 > 0 }) {
            print(
                "    " + trait.title.padding(toLength: 32, withPad: " ", startingAt: 0)
                    + shown.map { column(percent($0.traits[trait] ?? 0, of: $0.texts)) }.joined())
        }
        for label in shown where !label.telling.isEmpty {
            print("  words that tell \(name(label)): " + label.telling.map(\.text.singleLine).joined(separator: ", "))
        }
        let scripts = data.scripts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
        print(
            "  scripts: "
                + scripts.map { "\($0.key.rawValue)\(percent($0.value, of: data.texts))" }.joined(separator: ", "))
    }

    private func name(_ label: DataDescription.Label) -> String { (label.name ?? "(no label)").singleLine }

    private func percent(_ part: Int, of whole: Int) -> String {
        String(format: "%7.1f %%", 100 * Double(part) / Double(max(whole, 1)))
    }

    private func column(_ text: String) -> String {
        let text = String(text.prefix(11))
        return String(repeating: " ", count: 12 - text.count) + text
    }
}
