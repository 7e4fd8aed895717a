import Fixtures
import Foundation
import Testing

@testable import Text

/// The page about text pipelines, and the source that defines them.
@Suite struct TextPageTests {
    /// The cells of each row of the tables in one section of the page.
    private func rows(_ section: String) throws -> [[String]] {
        let page = try String(contentsOf: Workplace.repository.appendingPathComponent("docs/text.md"), encoding: .utf8)
        let body = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix(section + "\n") })
        return body.replacing("\\|", with: "¦").split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map {
            line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    private func codes(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.1) } }

    @Test func thePageListsEveryStepWithItsOptionsAndNoOther() throws {
        var documented: [(step: String, options: [String])] = []
        for row in try rows("Steps") {
            #expect(row.count == 3 && !row[2].isEmpty)
            if let step = codes(row[0]).first { documented.append((step, [])) }
            documented[documented.count - 1].options += codes(row[1])
        }
        #expect(documented.map(\.step) == TextPipeline.stepNames)
        for (step, options) in documented {
            #expect(options == TextPipeline.options(of: step), "\(step)")
        }
    }

    @Test func thePageListsEveryPresetWithItsStepsAndNoOther() throws {
        let documented = try rows("Presets").filter { $0.count == 2 }
        #expect(documented.map { codes($0[0]) } == TextPipeline.Preset.allCases.map { [$0.rawValue] })
        for (row, preset) in zip(documented, TextPipeline.Preset.allCases) {
            #expect(codes(row[1]) == preset.strings, "\(preset)")
        }
    }

    @Test func theStepsThatThePageShowsCanBeMade() throws {
        let page = try String(contentsOf: Workplace.repository.appendingPathComponent("docs/text.md"), encoding: .utf8)
        let block = try #require(page.firstMatch(of: /```\n([^`]+)```/))
        #expect(try TextPipeline(block.1.split(separator: "\n").map(String.init)).strings.count == 4)
    }

    @Test func thePageListsEveryRuleOfWords() throws {
        #expect(try rows("Words for features").map { codes($0[0]) } == WordSplitter.Rule.allCases.map { [$0.rawValue] })
    }

    @Test func thePageStatesTheNumberOfStopWords() throws {
        let page = try String(contentsOf: Workplace.repository.appendingPathComponent("docs/text.md"), encoding: .utf8)
        let count = [FunctionWordTable.stopWords, FunctionWordTable.negatingStopWords]
            .reduce(0) { $0 + Array($1.bytes).split(separator: 0x0A as UInt8).count }
        #expect(page.contains("removes \(count) words of English"))
    }
}
