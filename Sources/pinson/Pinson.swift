import ArgumentParser
import ContainerImage
import Foundation

@main
struct Pinson: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "pinson",
        abstract: "Turns a tweet classifier into a container that weighs about as little as a finch.",
        discussion: """
            Results go to stdout, the story to stderr. Exit codes: 0 done, 1 a check or a quality gate says no, \
            2 wrong usage or bad input, 3 something could not be measured or reached.
            """,
        version: version,
        subcommands: [
            Pack.self, Inspect.self, Tokenize.self, Classify.self, Evaluate.self, Bench.self, ImageCommand.self,
            CheckCommand.self, ListTargets.self, Deploy.self,
        ]
    )

    static func main() async {
        signal(SIGPIPE, SIG_IGN)  // who stops reading is told by the error of the write
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Foundation.exit(end(with: error))
        }
    }

    /// Says what `error` has to say, and returns the code to exit with.
    private static func end(with error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        switch exitCode(for: error) {
        case .success:  // --help and --version
            print(fullMessage(for: error))
            return 0
        case .validationFailure:
            say(fullMessage(for: error))
        default:
            say("pinson: \(error)")
        }
        if let error = error as? ContainerImageError, error.isOutside { return 3 }
        return error is Trial.Failure ? 3 : 2
    }
}

/// Tells the story, on stderr; what others have written in it commands no terminal.
func say(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).singleLine }
    FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
}

/// Prints `value` as one JSON object, keys sorted.
func printJSON(_ value: some Encodable, pretty: Bool = true) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
        pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
