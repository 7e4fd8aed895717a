import ArgumentParser
import ContainerImage
import Foundation
import ModelFile
import Tracking

@main
struct Pinson: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pinson",
        abstract: "Trains, packs, checks and ships a text classifier as a very small container.",
        discussion: """
            Results go to stdout; progress and messages go to stderr. The exit code is 0 if all went well, 1 if a check \
            or a quality gate failed, 2 if the usage or the input is wrong, and 3 if something could not be measured \
            or reached.
            """,
        version: pinsonVersion,
        subcommands: [
            DataCommand.self, Train.self, Pack.self, Prune.self, Inspect.self, Tokenize.self, Classify.self, Embed.self,
            VectorsCommand.self,
            Evaluate.self, Compare.self, Benchmark.self, Bench.self, ImageCommand.self, CheckCommand.self,
            ListTargets.self, Deploy.self, TrackCommand.self, Promote.self, Rollback.self, Retrain.self,
            FeedbackCommand.self,
            AlertsCommand.self,
        ]
    )

    static func main() async {
        GuardedProcess.becomeProgramIfAsked()
        signal(SIGPIPE, SIG_IGN)  // A closed pipe surfaces as a write error.
        openStandardStreams()
        var started: (any ParsableCommand.Type)?
        do {
            var command = try parseAsRoot()
            started = type(of: command)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            try StandardOutput.flush()
        } catch let error as ValidationError where started != nil {
            say(message(of: error, started ?? self))
            Foundation.exit(2)
        } catch {
            Foundation.exit(end(with: error))
        }
    }

    /// The message of wrong usage that a command has found after its arguments were parsed, with its own usage.
    private static func message(of error: ValidationError, _ command: any ParsableCommand.Type) -> String {
        func path(to command: any ParsableCommand.Type, from root: any ParsableCommand.Type) -> [String]? {
            if root == command { return [root._commandName] }
            let below = root.configuration.subcommands.lazy.compactMap { path(to: command, from: $0) }.first
            return below.map { [root._commandName] + $0 }
        }
        let name = (path(to: command, from: self) ?? []).joined(separator: " ")
        return """
            Error: \(error.message.singleLine)
            Usage: \(usageString(for: command))
              See '\(name) --help' for more information.
            """
    }

    /// Prints the message of `error`, and returns the exit code.
    private static func end(with error: any Error) -> Int32 {
        if let failure = error as? StandardOutput.Failure, failure.isClosedPipe { return 0 }
        if let code = error as? ExitCode {
            do { try StandardOutput.flush() } catch {
                // A reader that ends early does not change a verdict.
                return error.isClosedPipe ? code.rawValue : end(with: error)
            }
            return code.rawValue
        }
        switch exitCode(for: error) {
        case .success:  // --help and --version
            print(fullMessage(for: error))
            do { try StandardOutput.flush() } catch { return end(with: error) }
            return 0
        case .validationFailure:
            say(fullMessage(for: error))
        default:
            say("pinson: \(error)".singleLine)
        }
        if let error = error as? ContainerImageError, error.isOutside { return 3 }
        if let error = error as? TrackingError, error.isOutside { return 3 }
        return error is TrialFailure || error is StandardOutput.Failure ? 3 : 2
    }
}
