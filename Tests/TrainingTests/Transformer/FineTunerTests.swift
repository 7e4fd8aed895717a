import Fixtures
import Testing

@testable import Training

@Suite("Fine-tuning") struct FineTunerTests {
    static let golden = [EncoderShape.Architecture.bert, .distilbert]
    /// The instruction sets with float32 products that run on this CPU.
    static let exact = Arithmetic.names.filter { !$0.hasSuffix("bf16") && Arithmetic(named: $0, threads: 1) != nil }

    private func arithmetic(_ name: String, threads: Int = 1) throws -> Arithmetic {
        try #require(Arithmetic(named: name, threads: threads))
    }

    @Test("The gradients of the first step are those of PyTorch", arguments: golden, exact)
    func gradients(architecture: EncoderShape.Architecture, name: String) throws {
        let golden = try TransformerGolden(architecture)
        let tuner = golden.tuner(try arithmetic(name))
        let loss = tuner.addGradients(of: Array(golden.texts.indices))
        #expect(abs(loss - golden.losses[0]) < 1e-6)
        let found = tuner.gradients.values.elements
        let largest = golden.gradients.map(abs).max() ?? 0
        for tensor in tuner.layout.tensors {
            let range = tensor.offset..<tensor.offset + tensor.count
            // The gradient of the keys' biases is zero but for rounding.
            guard !tensor.name.hasSuffix("key.bias") else {
                #expect(found[range].allSatisfy { abs($0) < 1e-6 * largest }, "\(tensor.name)")
                continue
            }
            let distance = relativeDistance(found[range], golden.gradients[range])
            #expect(distance < 1e-5, "\(tensor.name): \(distance)")
        }
    }

    @Test("Ten steps of AdamW end where PyTorch ends", arguments: golden, [1, 2])
    func tenSteps(architecture: EncoderShape.Architecture, threads: Int) throws {
        let golden = try TransformerGolden(architecture)
        let tuner = golden.tuner(Arithmetic(.float32, threads: threads))
        for expected in golden.losses { #expect(abs(tuner.step().loss - expected) < 1e-5) }
        let found = tuner.currentParameters
        for tensor in tuner.layout.tensors where !tensor.name.hasSuffix("key.bias") {
            let range = tensor.offset..<tensor.offset + tensor.count
            let distance = relativeDistance(found[range], golden.end[range])
            #expect(distance < 1e-4, "\(tensor.name): \(distance)")
        }
    }

    @Test("With bfloat16 the gradients are near those of PyTorch", arguments: golden)
    func halfPrecision(architecture: EncoderShape.Architecture) throws {
        let golden = try TransformerGolden(architecture)
        for name in Arithmetic.names where name.hasSuffix("bf16") {
            guard let arithmetic = Arithmetic(named: name, threads: 1) else { continue }
            let tuner = golden.tuner(arithmetic)
            _ = tuner.addGradients(of: Array(golden.texts.indices))
            let distance = relativeDistance(tuner.gradients.values.elements, golden.gradients)
            #expect(distance < 0.03 && distance > 1e-5, "\(name): \(distance)")
        }
    }

    @Test("A seed gives the same bits on one and on two threads, with every precision")
    func threads() throws {
        let golden = try TransformerGolden(.bert)
        for precision in Arithmetic.Precision.allCases {
            let models = [1, 2].map { threads in
                let tuner = golden.tuner(
                    Arithmetic(precision, threads: threads), dropout: .init(hidden: 0.1, attention: 0.1, head: 0.2)
                ) { $0.microTokens = 20 }
                for _ in 0..<4 { _ = tuner.step() }
                return tuner.state
            }
            let isSame = models[0] == models[1]
            #expect(isSame, "\(precision)")
        }
    }

    @Test("Every instruction set with fused multiply-add gives the same bits")
    func instructionSets() throws {
        let golden = try TransformerGolden(.distilbert)
        let models = try Self.exact.filter { $0 != "sse41" }.map { name in
            let tuner = golden.tuner(try arithmetic(name), dropout: .init(hidden: 0.1, attention: 0.1, head: 0.2))
            for _ in 0..<3 { _ = tuner.step() }
            return tuner.currentParameters
        }
        let areSame = models.allSatisfy { $0 == models[0] }
        #expect(areSame)
    }

    @Test("Small micro-batches give the gradients of large ones")
    func microBatches() throws {
        let golden = try TransformerGolden(.bert)
        let gradients = [1, 20, 1000].map { tokens in
            let tuner = golden.tuner(
                Arithmetic(.float32, threads: 1), dropout: .init(hidden: 0.1, attention: 0.1, head: 0.1)
            ) { $0.microTokens = tokens }
            _ = tuner.addGradients(of: [4, 1, 2, 0, 3])
            return tuner.gradients.values.elements
        }
        #expect(relativeDistance(gradients[0], gradients[2]) < 1e-6)
        #expect(relativeDistance(gradients[1], gradients[2]) < 1e-6)
    }

    @Test("A training that was interrupted ends with the same bits", arguments: [1, 3, 7])
    func resume(after steps: Int) throws {
        let golden = try TransformerGolden(.bert)
        func tuner() -> FineTuner {
            golden.tuner(
                Arithmetic(nil, threads: 2), dropout: .init(hidden: 0.1, attention: 0.1, head: 0.1)
            ) { $0.batch = 2 }
        }
        let whole = tuner()
        for _ in 0..<9 { _ = whole.step() }
        let first = tuner()
        for _ in 0..<steps { _ = first.step() }
        let second = tuner()
        second.resume(first.state)
        for _ in steps..<9 { _ = second.step() }
        let isSame = second.state == whole.state
        #expect(isSame)
    }

    @Test("Frozen parameters do not change, and all others do", arguments: 0...4)
    func frozen(depths: Int) throws {
        let golden = try TransformerGolden(.bert)
        let tuner = golden.tuner(Arithmetic(.float32, threads: 1)) { ($0.frozen, $0.warmUp) = (depths, 0) }
        for _ in 0..<2 { _ = tuner.step() }
        let end = tuner.currentParameters
        for tensor in tuner.layout.tensors {
            let range = tensor.offset..<tensor.offset + tensor.count
            let isSame = end[range] == golden.start[range]
            #expect(isSame == (tensor.depth < depths), "\(tensor.name)")
        }
    }

    @Test("With frozen layers, the others have the gradients that they have without")
    func frozenGradients() throws {
        let golden = try TransformerGolden(.distilbert)
        let gradients = [0, 2].map { frozen in
            let tuner = golden.tuner(Arithmetic(.float32, threads: 1)) { $0.frozen = frozen }
            _ = tuner.addGradients(of: Array(golden.texts.indices))
            return tuner.gradients.values.elements
        }
        let layout = ParameterLayout(golden.shape)
        for tensor in layout.tensors where tensor.depth >= 2 {
            let range = tensor.offset..<tensor.offset + tensor.count
            let isSame = gradients[0][range] == gradients[1][range]
            #expect(isSame, "\(tensor.name)")
        }
    }
}
