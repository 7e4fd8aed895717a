import ContainerImage
import Foundation
import Reports

extension ReportCounts {
    /// The counts as a table for people.
    var text: String {
        let width = max(20, (predicted + expected + models + weeks).map(\.name.singleLine.count).max() ?? 0)
        func line(_ name: String, _ count: Count) -> String {
            let numbers = [count.reports, count.wrong].map { decimal($0) }
            return "  " + name.padding(toLength: width, withPad: " ", startingAt: 0)
                + numbers.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
        }
        func part(_ title: String, _ counts: [Count]) -> [String] {
            counts.isEmpty ? [] : ["", title] + counts.map { line($0.name.singleLine, $0) }
        }
        let header = String(repeating: " ", count: width + 2) + "   reports     wrong"
        return
            ([header, line("all", total)] + part("label of the answer", predicted) + part("expected label", expected)
            + part("model", models) + part("week", weeks)).joined(separator: "\n")
    }
}
