import ArgumentParser
import Deployment
import Foundation

struct ListTargets: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "Lists the targets that `check` knows, and their limits.")

    @OptionGroup var limits: LimitsOption

    @Flag(help: "Print the targets as JSON, in the form that --limits reads.")
    var json = false

    func run() throws {
        let targets = try limits.targets()
        if json { return print(try targets.json()) }
        for target in targets.all {
            print("\(target.name)  \(target.title)")
            for limit in target.limits {
                print(
                    "  \(limit.metric.rawValue.padding(toLength: 16, withPad: " ", startingAt: 0)) "
                        + "\(limit.description)  [\(limit.enforced.rawValue), \(limit.confidence), \(limit.asOf)]")
            }
        }
    }
}
