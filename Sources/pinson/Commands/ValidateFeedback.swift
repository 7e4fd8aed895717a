import ArgumentParser
import ContainerImage
import Feedback
import Files
import Foundation
import Reports
import Validation

struct ValidateFeedback: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Lets people confirm or correct the labels of reports, one key for each.",
        discussion: """
            The screen shows one report after the other: first those about which the user and the model disagree, and among \
            them those of which the model is least sure. Each decision is in the journal, the output with the suffix \
            '.journal', before the next report appears. So nothing is lost when the program ends in any way, and the same \
            command continues. The output is a CSV file with the columns 'text' and 'label', made of the journal alone; its \
            lineage is beside it.
            """)

    @Argument(
        help: ArgumentHelp(
            "What `feedback export` has written, or a folder with reports.", valueName: "reports"),
        completion: .file())
    var reports: [String]

    @Option(
        help: ArgumentHelp(
            "A model whose answer and whose reasons are shown, and by which reports are sorted.",
            valueName: "model.gguf"),
        completion: .file(extensions: ["gguf"]))
    var model: String?

    @Option(
        help: ArgumentHelp(
            """
            A label that can be given. Repeat it for each one. The default is the labels of the model, or else of the \
            reports.
            """, valueName: "name"))
    var label: [String] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The CSV file to write. Its journal and its lineage are beside it.", valueName: "file.csv"),
        completion: .file(extensions: ["csv"]))
    var output: String

    @Option(
        help: ArgumentHelp("Who decides. The default is the name of the user.", valueName: "name"))
    var annotator: String?

    @Flag(
        help: "Show only the reports about which annotators disagree, and decide about them for all.")
    var settle = false

    @Flag(help: "Print how far annotators agree, and about which reports they do not.")
    var agreement = false

    @Option(
        help: ArgumentHelp(
            "Write the open reports as a table for a spreadsheet program, to fill in the column 'label'.",
            valueName: "file.csv"),
        completion: .file(extensions: ["csv"]))
    var toSheet: String?

    @Option(
        help: ArgumentHelp(
            "Read such a table, as the spreadsheet program has saved it.", valueName: "file.csv"),
        completion: .file(extensions: ["csv"]))
    var fromSheet: String?

    @Flag(help: "Show the reports in a browser on this machine, at the address that is printed.")
    var web = false

    @Option(
        help: ArgumentHelp("The port of the page. The default is one that is free.", valueName: "port"))
    var port: Int?

    func validate() throws {
        guard port == nil || web else { throw ValidationError("'--port' needs '--web'.") }
        guard (0...65535).contains(port ?? 0) else {
            throw ValidationError(
                "The value '\(port ?? 0)' is invalid for '--port <port>': expected 0 to 65535.")
        }
        guard label.count <= Command.mostLabels, !label.contains("") else {
            throw ValidationError(
                "'--label' names 1 to \(Command.mostLabels) labels, but it is given \(label.count) times.")
        }
        guard [agreement, web, toSheet != nil, fromSheet != nil].count(where: { $0 }) < 2 else {
            throw ValidationError(
                "Give only one of '--agreement', '--web', '--to-sheet' and '--from-sheet'.")
        }
        guard !name.isEmpty, name.count <= 64, name.singleLine == name, !name.contains("+") else {
            throw ValidationError(
                "'--annotator <name>' must be a name of at most 64 characters without '+'"
                    + (annotator == nil ? ", because the user has no name." : "."))
        }
    }

    /// The name of the annotator.
    private var name: String {
        annotator ?? ProcessInfo.processInfo.environment["USER"] ?? NSUserName()
    }

    func run() throws {
        let place = try ReviewPlace(reports, model: model, labels: label, output: output)
        guard place.labels.count <= Command.mostLabels else {
            throw ValidationError(
                "The reports have \(place.labels.count) labels, but at most \(Command.mostLabels) have keys. "
                    + "Name those that can be given with '--label'.")
        }
        let ledger = try place.ledger()
        let session = Session(
            items: place.items, labels: place.labels, annotator: name, settles: settle, ledger: ledger)
        if agreement {
            print(place.summary(ledger).agreementText)
        } else if let toSheet {
            try writeFile(String(decoding: ReviewSheet.table(session), as: UTF8.self), to: toSheet)
            say("wrote \(session.open.count) open reports to \(toSheet); fill in its column 'label'")
        } else if let fromSheet {
            let entries = try ReviewSheet.entries(
                InputFile.bytes(fromSheet), path: fromSheet, session, at: .now)
            try place.journal.append(entries.map { .entry($0) })
            say("\(entries.count) decisions of \(name) were read from \(fromSheet)")
            try place.finish()
        } else if web {
            try ReviewServer().run(session, place, port: port ?? 0)
            try place.finish()
        } else {
            try show(session, place)
        }
    }

    /// Shows the screen until the annotator quits.
    private func show(_ session: Session, _ place: ReviewPlace) throws {
        guard let terminal = RawTerminal() else {
            throw ValidationError(
                "The screen needs a terminal as stdin and stdout, and TERM must not be 'dumb'. "
                    + "Without one, give '--web' for a browser, or '--to-sheet <file.csv>' for a spreadsheet program."
            )
        }
        let result = Result { try ReviewLoop(place).run(session, on: terminal) }
        terminal.restore()
        try result.get()
        try place.finish()
    }
}
