import Fixtures
import Foundation
import Testing

/// The form of the source: short files, documented errors.
@Suite struct FormTests {
    private static let rooms = ["Sources", "function", "container", "cloudrun"]

    private func files(_ folders: [String]) throws -> [SourceTree.File] {
        try folders.flatMap { try SourceTree($0, extensions: [".swift", ".c", ".h"]).files }
            .filter { !$0.path.hasSuffix("NormalizerTables.swift") }
    }

    @Test func halfOfTheFilesHaveAtMost100Lines() throws {
        let counts = try files(Self.rooms).map(\.lineCount).sorted()
        #expect(counts[counts.count / 2] <= 100)
    }

    @Test func noFileHasMoreThan250Lines() throws {
        for file in try files(Self.rooms + ["Tests"]) {
            #expect(file.lineCount <= 250, "\(file.path)")
        }
    }

    /// Checks what swift-format does not: it only requires that a public declaration has a comment.
    @Test func everyPublicFunctionThatThrowsDocumentsItsErrors() throws {
        let pattern =
            /(?m)(?<comment>(?:^ *\/\/\/.*\n)*)(?:^ *@\w+.*\n)*^ *(?:@\w+ )?public [^\n{(]*(?:func|init)\b[^(\n]*/
        var count = 0
        for file in try files(Self.rooms) {
            for match in file.text.matches(of: pattern) where throwsErrors(file.text[match.range.upperBound...]) {
                count += 1
                let name = file.text[match.range].split(separator: "\n").last ?? ""
                #expect(match.comment.contains("- Throws:"), "\(file.path): \(name)")
            }
        }
        #expect(count > 50, "the pattern no longer finds them")
    }

    /// Whether `throws` follows the parameters with which `signature` starts.
    private func throwsErrors(_ signature: Substring) -> Bool {
        var depth = 0
        for index in signature.indices {
            if signature[index] == "(" { depth += 1 }
            guard signature[index] == ")" else { continue }
            depth -= 1
            if depth == 0 { return signature[index...].prefix { $0 != "{" && $0 != "}" }.contains("throws") }
        }
        return false
    }
}
