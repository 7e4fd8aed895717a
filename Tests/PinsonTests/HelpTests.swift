import Fixtures
import Foundation
import Testing

/// The help of every command, word for word.
///
/// After an intended change, run the tests once with UPDATE_HELP=1 and review the difference.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct HelpTests {
    private static let commands: [[String]] = [
        [], ["data"], ["data", "describe"], ["train"], ["train", "ngrams"],
        ["train", "head"], ["train", "word2vec"], ["train", "lstm"], ["train", "fine-tune"], ["pack"], ["prune"],
        ["inspect"], ["tokenize"], ["classify"], ["embed"], ["vectors"], ["vectors", "neighbours"],
        ["vectors", "analogy"],
        ["evaluate"], ["compare"], ["benchmark"], ["bench"], ["image"], ["image", "build"], ["image", "push"],
        ["image", "inspect"],
        ["check"], ["targets"], ["deploy"], ["track"], ["track", "sync"], ["promote"], ["rollback"], ["feedback"],
        ["feedback", "export"], ["feedback", "validate"], ["alerts"], ["alerts", "test"],
        ["retrain"],
    ]

    @Test(arguments: commands)
    func theHelpOfACommandIsTheOneThatWasReviewed(command: [String]) throws {
        let help = try Program.run(Workplace.binary("pinson"), command + ["--help"], environment: ["COLUMNS": "100"])
        #expect(help.status == 0)
        #expect(help.error.isEmpty)
        let name = (["pinson"] + command).joined(separator: "-")
        let file = Workplace.repository.appendingPathComponent("Tests/PinsonTests/Help/\(name).txt")
        if ProcessInfo.processInfo.environment["UPDATE_HELP"] == "1" {
            try Data(help.output.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == help.output)
    }

    @Test func everyCommandHasAReviewedHelp() throws {
        let help = try Program.run(Workplace.binary("pinson"), ["--help"]).output
        let listed = help.matches(of: /(?m)^[ ]{2}([a-z]+)[ ]{2}/).map { String($0.1) }
        #expect(Set(listed) == Set(Self.commands.compactMap(\.first)))
    }
}
