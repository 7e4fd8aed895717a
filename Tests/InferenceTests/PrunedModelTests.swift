import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing

@testable import Inference

@Suite("A model without the word pieces that nobody uses") struct PrunedModelTests {
    @Test(
        "It gives the same bits where none of them occurs", arguments: TinyCheckpoint.Architecture.allCases,
        Precision.allCases)
    func sameBits(architecture: TinyCheckpoint.Architecture, precision: Precision) throws {
        let file = try TinyModel.pack(architecture, precision)
        let texts = ["late crew 😀", "not great", "zqé ! flight"]
        let vocabulary = try PrunableVocabulary(file)
        let kept = vocabulary.kept(for: vocabulary.pieces(of: texts), minCount: 1)
        #expect(kept.count < vocabulary.count)
        let ids = Set(kept.map(Int32.init))
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("small.gguf").path
            _ = try file.prune(to: kept, of: vocabulary, into: path)
            let small = try ModelFile(path: path)
            let others = TinyModel.texts(300)
            let (same, changed) = (
                zip(others, vocabulary.pieces(of: others)).filter { ids.isSuperset(of: $0.1) }.map(\.0),
                zip(others, vocabulary.pieces(of: others)).filter { !ids.isSuperset(of: $0.1) }.map(\.0)
            )
            #expect(same.count > 10 && changed.count > 10)
            func answers(_ file: ModelFile, _ texts: [String]) throws -> [[Float]] {
                architecture == .encoder
                    ? try SentenceEncoder(file).makeWorker().embed(texts)
                    : try Classifier(file).makeWorker().classify(texts).map(\.logits)
            }
            #expect(try answers(file, same + texts) == answers(small, same + texts))
            #expect(try answers(file, changed) != answers(small, changed))
        }
    }
}
