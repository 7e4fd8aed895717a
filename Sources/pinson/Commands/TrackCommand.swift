import ArgumentParser
import Foundation
import Tracking

struct TrackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track", abstract: "Sends recorded runs to a server of MLflow.", subcommands: [TrackSync.self])
}

struct TrackSync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Sends the runs of a folder to the server of MLFLOW_TRACKING_URI, each exactly once.",
        discussion: """
            These are the runs that were recorded without a server, or while the server could not be reached. A run that \
            has been sent in part is continued. Each run that is sent gets a tag and stays in the folder.
            """)

    @Option(help: ArgumentHelp("The folder with the runs.", valueName: "folder"), completion: .directory)
    var folder = "mlruns"

    func run() async throws {
        guard let server = try MLflowServer.named(by: ProcessInfo.processInfo.environment) else {
            throw ValidationError(
                "Set MLFLOW_TRACKING_URI to the address of the server, such as http://localhost:5000.")
        }
        var (sent, known, busy) = (0, 0, 0)
        try await RunUpload(from: RunFolder(folder), to: server).sendAll { run, outcome in
            switch outcome {
            case .sent(let id):
                sent += 1
                say("\(run.id) is the run \(id) on \(server.address.absoluteString)")
            case .known: known += 1
            case .busy:
                busy += 1
                say("\(run.id) is still going on, so it was left out")
            }
        }
        print("sent \(sent), already there \(known), still going on \(busy)")
    }
}
