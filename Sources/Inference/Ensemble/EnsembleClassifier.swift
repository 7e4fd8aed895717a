import Glibc
import ModelFile

/// The family of ensembles: models whose logits are combined by a linear layer.
struct EnsembleClassifier: Family {
    let schema: EnsembleSchema
    let members: [AnyWeights]
    private let weights: Tensor
    private let bias: Tensor

    private static let memberFamilies = [
        LinearModelSchema.family, ForestSchema.family, LexiconSchema.family, VectorsSchema.family,
    ]

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        schema = try EnsembleSchema(file, card)
        var members: [AnyWeights] = []
        for (index, family) in schema.members.enumerated() {
            guard Self.memberFamilies.contains(family) else {
                throw .invalid(path: file.path, reason: "an ensemble cannot have a member of the family '\(family)'")
            }
            var member = card
            member.family = family
            members.append(try AnyWeights(file.member(index), member))
        }
        self.members = members
        weights = try file.tensor(schema.weight)
        bias = try file.tensor(schema.bias)
    }

    /// A worker for each member.
    struct Buffers {
        let workers: [AnyWorker]
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers { Buffers(workers: members.map { $0.makeWorker(options) }) }

    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput] {
        let parts = buffers.workers.map { $0.score(texts, threads: threads) }
        return texts.indices.map { text in
            let outputs = parts.map { part in schema.outputs == 1 ? [part[text].logits[1]] : part[text].logits }
            let inputs = schema.combination == .vote ? vote(outputs) : outputs.flatMap(\.self)
            let logits = (0..<schema.outputs).map { output in
                inputs.indices.reduce(bias(output)) { $0 + weight(output, $1) * inputs[$1] }
            }
            return FamilyOutput(
                logits: logits.count == 1 ? [0, logits[0]] : logits, tokens: parts[0][text].tokens,
                isTruncated: false, unknown: parts[0][text].unknown)
        }
    }

    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float] {
        score([NgramFeatures.sample(words: tokens)], in: buffers, threads: threads)[0].logits
    }

    /// A number that is added to an output.
    func bias(_ output: Int) -> Float { bias.elements(as: Float.self)[output] }

    /// The weight of an input for an output.
    func weight(_ output: Int, _ input: Int) -> Float {
        weights.elements(as: Float.self)[output * schema.inputs + input]
    }

    /// The logarithm of the mean probability of each label; for two labels, of its ratio to that of the other one.
    private func vote(_ outputs: [[Float]]) -> [Float] {
        guard schema.outputs > 1 else {
            let mean = outputs.reduce(0) { $0 + 1 / (1 + expf(-$1[0])) } / Float(outputs.count)
            let inside = min(max(mean, Self.smallestShare), 1 - Self.smallestShare)
            return [logf(inside / (1 - inside))]
        }
        var means = [Float](repeating: 0, count: schema.outputs)
        for member in outputs {
            let largest = member.max() ?? 0
            let powers = member.map { expf($0 - largest) }
            let sum = powers.reduce(0, +)
            for output in means.indices { means[output] += powers[output] / sum / Float(outputs.count) }
        }
        return means.map { logf(max($0, Self.smallestShare)) }
    }

    /// The smallest probability, which keeps logits finite.
    private static let smallestShare: Float = 1e-6
}
