import Fixtures
import Foundation
import ModelFile
import Testing
import Text

@testable import Inference

/// Compares the embedded model's tokenizer with the reference.
///
/// make_token_goldens.py made the goldens.
@Suite struct TokenizerParityTests {
    private static let embedded = Workplace.repository.appendingPathComponent("function/model/model.gguf").path

    private func mismatches(_ goldens: URL) throws -> (lines: Int, wrong: [String?]) {
        let tokenizer = try Tokenizer(ModelFile(path: Self.embedded))
        let lines = try Golden.read(goldens)
        let wrong = lines.filter {
            tokenizer.encode($0.text ?? "", literals: .asHuggingFace).ids != $0.ids
        }
        return (lines.count, wrong.map(\.text))
    }

    @Test func everySeededTextHasTheIdsOfTheReference() throws {
        let (lines, wrong) = try mismatches(
            Workplace.repository.appendingPathComponent("Tests/InferenceTests/Goldens/tokens.jsonl"))
        #expect(lines > 1000)
        #expect(wrong == [])
    }

    @Test(.enabled(if: Workplace.hasShared, "needs the parity corpus"))
    func everyLineOfTheCorpusHasTheIdsOfTheReference() throws {
        let (lines, wrong) = try mismatches(
            Workplace.shared.appendingPathComponent("reference/tokenizer/bert_parity.jsonl"))
        #expect(lines == 3112)
        #expect(wrong == [])
    }
}
