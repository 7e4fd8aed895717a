import CKernels
import Fixtures
import Testing

/// Every instruction set returns the same bits as the reference, at sizes around the edges of its blocks.
@Suite struct InstructionSetTests {
    @Test(arguments: Kernels.fast, [1, 3, 4, 15, 16, 17, 31, 33, 64, 384])
    func quantizedRowsHaveTheSameBits(kernels: Kernels, k: Int) {
        var random = Seeded(UInt64(k))
        var x = random.floats(4 * k, 3)
        for i in 0..<k { x[i] = abs(x[i]) }
        for i in k..<2 * k { x[i] = -abs(x[i]) }
        #expect(kernels.quantize(x, m: 4, k: k) == Kernels.reference.quantize(x, m: 4, k: k))
    }

    /// The sizes are around the edges of tiles, which have 12 or 16 rows, 32 columns and 64 inputs.
    @Test(arguments: Kernels.fast, Array(1...13) + [15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 65])
    func eightBitProductsHaveTheSameBits(kernels: Kernels, m: Int) {
        var random = Seeded(UInt64(m))
        for n in [16, 32, 48] {
            for k in [4, 8, 60, 64, 68, 128, 192, 384] {
                let weights = Kernels.Weights(
                    n: n, k: k, scale: random.floats(n).map { abs($0) }, bias: random.floats(n)
                ) { Int8.random(in: -127...127, using: &random) }
                let rows = Kernels.reference.quantize(random.floats(m * k, 2), m: m, k: k)
                for activation in [kernels_identity, kernels_gelu] {
                    let expected = Kernels.reference.matmul(rows, weights, activation)
                    #expect(kernels.matmul(rows, weights, activation) == expected, "n \(n), k \(k)")
                }
            }
        }
    }

    @Test(arguments: Kernels.fast, [1, 2, 5, 7, 12, 13, 16, 17, 31, 33, 49])
    func fourBitProductsHaveTheSameBits(kernels: Kernels, m: Int) {
        var random = Seeded(UInt64(m))
        for n in [16, 32, 48] {
            for k in [8, 64, 72, 128, 192, 384] {
                let weights = Kernels.Weights(
                    n: n, k: k, bits: 4, scale: random.floats(n).map { abs($0) }, bias: random.floats(n)
                ) { Int8.random(in: -7...7, using: &random) * 16 }
                let rows = Kernels.reference.quantize(random.floats(m * k, 2), m: m, k: k)
                for activation in [kernels_identity, kernels_gelu] {
                    let expected = Kernels.reference.matmul(rows, weights, activation)
                    #expect(kernels.matmul(rows, weights, activation) == expected, "n \(n), k \(k)")
                }
            }
        }
    }

    /// The sum 1040 · 127 · 127 is just below 2^24, so a float represents every bit of it.
    @Test(arguments: Kernels.fast, [(127, 255), (-127, 255), (127, 1), (-127, 1)])
    func theLargestSumsDoNotSaturate(kernels: Kernels, extremes: (weight: Int, activation: Int)) {
        let k = 1040
        let weights = Kernels.Weights(
            n: 16, k: k, scale: Array(repeating: 1, count: 16), bias: Array(repeating: 0, count: 16)
        ) { Int8(extremes.weight) }
        let rows = Kernels.Rows(
            q: Array(repeating: UInt8(extremes.activation), count: 2 * k), scale: [1, 1], zero: [128, 128], k: k)
        let exact = Float(k * extremes.weight * (extremes.activation - 128))
        #expect(kernels.matmul(rows, weights) == Array(repeating: exact, count: 32))
        #expect(Kernels.reference.matmul(rows, weights) == Array(repeating: exact, count: 32))
    }

    @Test(arguments: Kernels.fast, [1, 15, 16, 17, 40, 384])
    func floatProductsHaveTheSameBits(kernels: Kernels, k: Int) {
        var random = Seeded(UInt64(k))
        for (m, n) in [(1, 1), (1, 4), (3, 5), (2, 8)] {
            let (x, w, bias) = (random.floats(m * k), random.floats(n * k), random.floats(n))
            let expected = Kernels.reference.matmul(x, w, bias: bias, m: m, n: n, k: k)
            #expect(kernels.matmul(x, w, bias: bias, m: m, n: n, k: k) == expected)
        }
    }

    @Test(arguments: Kernels.fast, [1, 15, 16, 17, 40, 384])
    func layerNormsHaveTheSameBits(kernels: Kernels, width: Int) {
        var random = Seeded(UInt64(width))
        let (x, residual) = (random.floats(3 * width, 3), random.floats(3 * width, 3))
        let (gain, offset) = (random.floats(width), random.floats(width))
        for residual in [residual, nil] {
            let norm = { (kernels: Kernels) in
                kernels.layerNorm(x, adding: residual, gain: gain, offset: offset, epsilon: 1e-12, width: width)
            }
            #expect(norm(kernels) == norm(.reference))
        }
    }

    @Test(arguments: Kernels.fast)
    func geluHasTheSameBitsAtEveryLength(kernels: Kernels) {
        var random = Seeded(6)
        for count in 1...50 {
            let x = random.floats(count, 8)
            #expect(kernels.gelu(x) == Kernels.reference.gelu(x))
            #expect(kernels.geluTanh(x) == Kernels.reference.geluTanh(x))
        }
    }

    @Test(arguments: Kernels.fast, [1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 65])
    func attentionHasTheSameBits(kernels: Kernels, tokens: Int) {
        var random = Seeded(UInt64(tokens))
        for headDim in [8, 10, 16, 26, 32, 64] {
            let width = 2 * headDim
            let (q, k, v) = (
                random.floats(tokens * width, 3), random.floats(tokens * width, 3), random.floats(tokens * width)
            )
            for bias in [nil, random.floats(2 * (2 * tokens - 1), 2)] {
                let attend = { (kernels: Kernels, q: [Float]) in
                    kernels.attention(q: q, k: k, v: v, heads: 2, headDim: headDim, bias: bias)
                }
                #expect(attend(kernels, q) == attend(.reference, q), "head of \(headDim)")
                let first = Array(q.prefix(width))
                #expect(
                    attend(kernels, first) == Array(attend(.reference, q).prefix(width)),
                    "one query, head of \(headDim)")
            }
        }
    }

    @Test(arguments: Kernels.fast)
    func scaledRowsHaveTheSameBits(kernels: Kernels) {
        var random = Seeded(7)
        let q = (0..<100).map { _ in Int8.random(in: -127...127, using: &random) }
        let x = random.floats(100)
        #expect(kernels.addScaled(q, scale: 0.013, x) == Kernels.reference.addScaled(q, scale: 0.013, x))
    }

    @Test(arguments: Kernels.fast, [1, 5, 15, 16, 17, 32, 33, 64])
    func stepsOfLSTMHaveTheSameBits(kernels: Kernels, units: Int) {
        var random = Seeded(UInt64(units))
        let (z, r, c) = (
            random.floats(3 * (4 * units + 2), 30), random.floats(3 * (4 * units + 2), 3), random.floats(3 * units, 2)
        )
        for r in [r, nil] {
            #expect(
                kernels.lstm(c: c, z: z, r: r, units: units) == Kernels.reference.lstm(c: c, z: z, r: r, units: units))
        }
    }

    @Test func anUnknownNameHasNoKernels() {
        #expect(kernels_named("avx1024") == nil)
    }
}
