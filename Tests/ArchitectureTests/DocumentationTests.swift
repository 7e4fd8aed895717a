import Fixtures
import Foundation
import Testing

/// The page about the model file, and the source that defines the format.
@Suite struct DocumentationTests {
    private func keys(_ text: String) -> Set<String> {
        Set(text.matches(of: /\b(?:general|pinson)\.[a-z_0-9]+(?:\.[a-z_0-9]+)*/).map { String($0.0) })
    }

    @Test func thePageAboutTheModelFileNamesEveryKeyAndNoOther() throws {
        let page = try String(
            contentsOf: Workplace.repository.appendingPathComponent("docs/model-file.md"), encoding: .utf8)
        let source = try SourceTree("Sources/ModelFile").files
        // Keys are string literals in the source; the first part of a name, such as `pinson.tokenizer`, is not a key.
        let known = source.flatMap { file in
            file.text.matches(of: /"((?:general|pinson)\.[a-z_0-9.]+)"/).map { String($0.1) }
        }
        #expect(known.count > 30, "the pattern no longer finds the keys")
        #expect(Set(known).subtracting(keys(page)) == [], "the page does not document these keys")
        #expect(keys(page).subtracting(known) == [], "the source does not know these keys")
    }
}
