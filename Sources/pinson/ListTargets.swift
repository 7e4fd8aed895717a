import ArgumentParser
import CloudRunFiles
import Deployment
import Foundation

struct ListTargets: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "Lists the places that `check` knows, and what each allows.")

    @OptionGroup var limits: LimitsOption

    @Flag(help: "Print them as JSON, in the form that --limits reads.")
    var json = false

    func run() throws {
        let targets = try limits.targets()
        if json { return print(try targets.json()) }
        for target in targets.all {
            print("\(target.name)  \(target.title)")
            for limit in target.limits {
                print(
                    "  \(limit.of.rawValue.padding(toLength: 16, withPad: " ", startingAt: 0)) "
                        + "\(limit.description)  [\(limit.enforced.rawValue), \(limit.confidence), \(limit.asOf)]")
            }
        }
    }
}
