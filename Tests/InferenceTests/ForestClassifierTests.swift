import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing
import Text

@testable import Inference

/// Forests and ensembles in model files, against what the documentation of the model file defines.
@Suite struct ForestClassifierTests {
    private static let words = ["late", "great", "crew", "gate", "awful", "flight", "thanks", "bag"]
    private static let texts = ["late flight, great crew", "thanks!", "", "nothing known", "awful awful gate bag late"]

    /// A forest of random trees over single words.
    struct Model {
        let labels: [String]
        let outputs: Int
        /// The hash of each feature, and its word.
        let features: [(hash: UInt64, word: String)]
        var trees: [ForestPacker.Tree] = []
        let factor = 0.75
        let offset = 0.125

        init(classes: Int, seed: UInt64) throws {
            var random = Seeded(seed)
            labels = (0..<classes).map { "label\($0)" }
            let outputs = classes == 2 ? 1 : classes
            self.outputs = outputs
            let pipeline = try TextPipeline(preset: "plain")
            features = ForestClassifierTests.words.map { word in
                var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
                buffer.load(word)
                pipeline.apply(to: &buffer)
                NgramScanner([NgramBlock(.token, 1...1)]).scan(buffer, into: &ngrams)
                return (ngrams.occurrences[0][0].hash, word)
            }.sorted { $0.0 < $1.0 }
            for _ in 0..<7 {
                var tree = ForestPacker.Tree(features: [], jumps: [], shares: [])
                Self.grow(&tree, depth: 4, outputs, &random)
                trees.append(tree)
            }
        }

        private static func grow(
            _ tree: inout ForestPacker.Tree, depth: Int, _ outputs: Int, _ random: inout Seeded
        ) {
            let node = tree.features.count
            let isLeaf = depth == 0 || Int.random(in: 0..<4, using: &random) == 0
            tree.features.append(isLeaf ? -1 : Int32.random(in: 0..<8, using: &random))
            tree.jumps.append(0)
            tree.shares += (0..<outputs).map { _ in Float(Int.random(in: 0...255, using: &random)) / 255 }
            guard !isLeaf else { return }
            grow(&tree, depth: depth - 1, outputs, &random)
            tree.jumps[node] = Int32(tree.features.count - node)
            grow(&tree, depth: depth - 1, outputs, &random)
        }

        var packed: PackedFamily {
            ForestPacker(
                blocks: [("token:1-1", features.map(\.hash))], trees: trees, outputs: outputs, factor: factor,
                offset: offset
            ).packed()
        }

        func write(_ family: PackedFamily, to path: String) throws {
            let steps = try TextPipeline(preset: "plain").strings
            try family.write(
                to: path,
                ModelCard(name: "m", family: family.name, labels: labels, maxTokens: 512, preprocessing: steps))
        }

        /// The outputs for a text.
        func outputs(_ text: String) -> [Double] {
            let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
            var shares = [Double](repeating: 0, count: outputs)
            for tree in trees {
                var node = 0
                while tree.features[node] >= 0 {
                    node += words.contains(features[Int(tree.features[node])].word) ? Int(tree.jumps[node]) : 1
                }
                for output in 0..<outputs { shares[output] += Double(tree.shares[node * outputs + output]) / 7 }
            }
            return shares.map { share in
                let share = min(max(share, 1e-4), 1 - 1e-4)
                return factor * (outputs == 1 ? log(share / (1 - share)) : log(share)) + offset
            }
        }
    }

    private func expect(_ classifier: Classifier, _ expected: (String) -> [Double]) throws {
        let worker = classifier.makeWorker()
        for text in Self.texts {
            let prediction = worker.explain(text)
            let outputs = expected(text)
            for (found, wanted) in zip(prediction.logits, outputs.count == 1 ? [0, outputs[0]] : outputs) {
                #expect(abs(Double(found) - wanted) < 1e-4, "\(text)")
            }
            let explanation = try #require(prediction.explanation)
            guard explanation.method == .terms else { continue }
            let sum = explanation.parts.reduce(explanation.bias) { $0 + $1.contribution }
            #expect(abs(sum - explanation.logit) < 1e-4, "\(text)")
            #expect(explanation.parts.allSatisfy { text.contains($0.text) && !$0.text.isEmpty })
        }
        // The memory of one text does not change the answer to the next.
        let again = worker.classify(Self.texts + Self.texts.reversed())
        #expect(again.prefix(5).map(\.logits) == again.suffix(5).reversed().map(\.logits))
    }

    @Test(arguments: [2, 3])
    func aForestFollowsItsBranches(classes: Int) throws {
        let model = try Model(classes: classes, seed: 3)
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try model.write(model.packed, to: path)
            let classifier = try Classifier(ModelFile(path: path))
            #expect(classifier.explainsByTerms)
            try expect(classifier, model.outputs)
        }
    }

    @Test(arguments: [2, 3], [false, true])
    func anEnsembleCombinesItsMembers(classes: Int, isVote: Bool) throws {
        let models = [try Model(classes: classes, seed: 3), try Model(classes: classes, seed: 4)]
        let outputs = classes == 2 ? 1 : classes
        let inputs = isVote ? outputs : 2 * outputs
        let weights = (0..<outputs * inputs).map { Double($0 * 5 % 7) / 4 - 0.5 }
        let bias = (0..<outputs).map { Double($0) / 8 - 0.25 }
        func layer(_ text: String) -> [Double] {
            let parts = models.map { $0.outputs(text) }
            var values = parts.flatMap(\.self)
            if isVote {
                let means = (0..<classes).map { label in
                    parts.reduce(0) { sum, part in
                        let powers = (outputs == 1 ? [0, part[0]] : part).map { exp($0) }
                        return sum + powers[label] / powers.reduce(0, +) / 2
                    }
                }
                values = outputs == 1 ? [log(means[1] / means[0])] : means.map { log($0) }
            }
            return bias.indices.map { output in
                values.indices.reduce(bias[output]) { $0 + weights[output * inputs + $1] * values[$1] }
            }
        }
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let packer = EnsemblePacker(
                members: models.map(\.packed), isVote: isVote, weights: weights, bias: bias)
            try models[0].write(packer.packed(), to: path)
            let classifier = try Classifier(ModelFile(path: path))
            #expect(classifier.explainsByTerms == !isVote)
            try expect(classifier, layer)
        }
    }

    @Test func aMemberThatIsAnEnsembleIsRefused() throws {
        let model = try Model(classes: 2, seed: 3)
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let inner = EnsemblePacker(members: [model.packed], isVote: false, weights: [1], bias: [0]).packed()
            let outer = EnsemblePacker(members: [inner], isVote: false, weights: [1], bias: [0])
            try model.write(outer.packed(), to: path)
            let error = #expect(throws: ModelFileError.self) { try Classifier(ModelFile(path: path)) }
            #expect(error?.description.contains("a member of the family 'ensemble'") == true)
        }
    }

    @Test(arguments: [false, true])
    func aDamagedFileIsRefusedOrWorks(isEnsemble: Bool) throws {
        let model = try Model(classes: 3, seed: 3)
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let identity = (0..<9).map { $0 % 4 == 0 ? 1.0 : 0 }
            let packer = EnsemblePacker(members: [model.packed], isVote: false, weights: identity, bias: [0, 0, 0])
            try model.write(isEnsemble ? packer.packed() : model.packed, to: path)
            try Mutation.useDamaged(path, seed: 7) { classifier in
                for text in Self.texts { _ = classifier.makeWorker().explain(text) }
            }
        }
    }

    /// Each jump of every tree is replaced with one that leads out of the tree or nowhere.
    @Test(arguments: [0, (1 << 19) - 1])
    func aNodeThatLeadsOutsideOfItsTreeIsALeaf(jump: Int32) throws {
        var model = try Model(classes: 2, seed: 3)
        for tree in model.trees.indices {
            for node in model.trees[tree].jumps.indices where model.trees[tree].jumps[node] > 0 {
                model.trees[tree].jumps[node] = jump
            }
        }
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try model.write(model.packed, to: path)
            for prediction in try Classifier(ModelFile(path: path)).makeWorker().classify(Self.texts) {
                #expect(prediction.scores.allSatisfy { (0...1).contains($0) })
            }
        }
    }
}
