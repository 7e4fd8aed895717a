import ArgumentParser
import ContainerImage
import Foundation
import Tracking

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts the champion before the one of now back in its place.",
        discussion: """
            The alias 'champion' of the registered model moves back to the version from which 'pinson promote' took it. \
            Run it again to go one more step back. Versions that were deleted are left out. The version that loses the \
            alias gets a tag with the time. The server is that of MLFLOW_TRACKING_URI.
            """)

    @Argument(help: "The name of the registered model.")
    var name: String

    @Flag(help: "Print the result as JSON.")
    var json = false

    private struct Result: Encodable {
        var name: String
        /// The number of the version that was champion, if there was one.
        var from: String?
        /// The number of the version that is champion now.
        var to: String
    }

    func run() async throws {
        try RegisteredModel.check(name: name)
        let server = try FetchedModel.server()
        let (from, to, outcome) = try await Champion(of: name, on: server).rollBack()
        guard outcome == .done, let to else {
            say("pinson: another program is changing the champion of \(name). Look at the champion, and try again.")
            throw ExitCode(1)
        }
        if json {
            try printJSON(Result(name: name, from: from?.version, to: to.version))
        } else {
            let before = from.map { " again, instead of mlflow:\(name)/\($0.version)" } ?? " again"
            print("mlflow:\(name)/\(to.version) is the champion\(before).".singleLine)
        }
    }
}
