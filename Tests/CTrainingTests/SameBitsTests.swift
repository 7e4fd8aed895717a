import CTraining
import Fixtures
import Testing

/// Every instruction set with float32 products and fused multiply-add, against the definition in plain C.
@Suite("Training kernels and their definition") struct SameBitsTests {
    private let reference = TrainingKernels.reference

    @Test("Products have the same bits", arguments: TrainingKernels.exact, TrainingKernels.Product.allCases)
    func products(kernels: TrainingKernels, product: TrainingKernels.Product) {
        var random = Seeded(1)
        for (m, n, k) in [(1, 1, 1), (7, 48, 5), (9, 50, 16), (49, 97, 33), (8, 3, 40), (64, 96, 65), (5, 23, 130)] {
            let (x, w) = (random.floats(m * k), random.floats(n * k))
            let (bias, start) = (random.floats(n), random.floats(m * n))
            for options in [(nil, nil), (bias, nil), (nil, start)] as [([Float]?, [Float]?)] {
                let found = kernels.multiply(product, x, w, bias: options.0, start: options.1, m: m, n: n, k: k)
                #expect(
                    found == reference.multiply(product, x, w, bias: options.0, start: options.1, m: m, n: n, k: k),
                    "\(m) x \(n) x \(k)")
            }
        }
    }

    @Test("Products with bfloat16 round like their definition", arguments: TrainingKernels.all.filter(\.isHalf))
    func halfProducts(kernels: TrainingKernels) {
        var random = Seeded(2)
        for product in TrainingKernels.Product.allCases {
            for (m, n, k) in [(3, 5, 1), (9, 50, 16), (49, 97, 33)] {
                let (x, w, bias) = (random.floats(m * k), random.floats(n * k), random.floats(n))
                let found = kernels.multiply(product, x, w, bias: bias, m: m, n: n, k: k)
                let expected = TrainingKernels.half.multiply(product, x, w, bias: bias, m: m, n: n, k: k)
                #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
                // The definition differs from float32 by what the rounding of the factors changes.
                let exact = reference.multiply(product, x, w, bias: bias, m: m, n: n, k: k)
                #expect(zip(expected, exact).allSatisfy { abs($0 - $1) < 0.01 * Float(k).squareRoot() + 0.005 })
            }
        }
    }

    @Test("Attention and its gradient have the same bits", arguments: TrainingKernels.exact)
    func attention(kernels: TrainingKernels) {
        var random = Seeded(3)
        for (tokens, headDim) in [(1, 8), (2, 10), (5, 32), (16, 16), (17, 26), (33, 64)] {
            let width = 3 * headDim
            let (qkv, dy) = (random.floats(tokens * 3 * width, 2), random.floats(tokens * width))
            let mask = (0..<3 * tokens * training_padded(tokens)).map { _ in random.float() > 0 ? Float(1.25) : 0 }
            for mask in [nil, mask] {
                let same =
                    kernels.attention(qkv, mask: mask, dy: dy, heads: 3, headDim: headDim)
                    == reference.attention(qkv, mask: mask, dy: dy, heads: 3, headDim: headDim)
                #expect(same, "\(tokens) tokens, heads of \(headDim)")
            }
        }
    }

    @Test("Steps of word2vec have the same bits", arguments: TrainingKernels.exact)
    func samples(kernels: TrainingKernels) {
        var random = Seeded(5)
        for width in [16, 48, 112, 304] {
            // Large numbers reach both ends of the table of the logistic function.
            for amplitude in [Float(0.5), 4] {
                let (x, table) = (random.floats(width, amplitude), random.floats(9 * width, amplitude))
                #expect(kernels.sample(x, table) == reference.sample(x, table), "\(width)")
            }
        }
    }

    @Test("Norms, GELU, dropout, AdamW and sums have the same bits", arguments: TrainingKernels.exact)
    func rows(kernels: TrainingKernels) {
        var random = Seeded(4)
        for count in [1, 5, 15, 16, 17, 40, 63, 64, 65, 130] {
            let (x, y) = (random.floats(3 * count, 4), random.floats(3 * count))
            let (gain, offset) = (random.floats(count), random.floats(count))
            #expect(
                kernels.layerNorm(x, gain: gain, offset: offset, dy: y)
                    == reference.layerNorm(x, gain: gain, offset: offset, dy: y))
            #expect(kernels.gelu(x) == reference.gelu(x))
            #expect(kernels.geluBackward(x, dy: y) == reference.geluBackward(x, dy: y))
            let dropout = training_dropout(
                key: (1, 2), text: 3, site: 4, step: 5, threshold: 1 << 30, scale: 1.25)
            #expect(kernels.drop(x, dropout) == reference.drop(x, dropout))
            let steps = (1...3).map { training_step(keep: 0.99, size: 0.01 * Float($0), root: 2) }
            #expect(kernels.adamw(x, y, steps) == reference.adamw(x, y, steps))
            #expect(kernels.table.sum_of_squares(x, x.count) == reference.table.sum_of_squares(x, x.count))
            let sums = [kernels, reference].map { kernels in
                var (sum, rows) = (x, Array(x[..<count]))
                kernels.table.add(&sum, y, x.count)
                kernels.table.add_rows(&rows, y, count, 3, count)
                return sum + rows
            }
            #expect(sums[0] == sums[1])
        }
    }

    @Test("A step of LSTM and its gradient have the same bits", arguments: TrainingKernels.exact)
    func lstm(kernels: TrainingKernels) {
        var random = Seeded(6)
        for units in [1, 5, 15, 16, 17, 32, 63, 64] {
            let (sums, before) = (random.floats(3 * 4 * units, 4), random.floats(3 * units))
            let (dh, dc) = (random.floats(3 * units), random.floats(3 * units))
            for before in [nil, before] {
                let same =
                    kernels.lstm(sums, before: before, dh: dh, dc: dc, units: units)
                    == reference.lstm(sums, before: before, dh: dh, dc: dc, units: units)
                #expect(same, "\(units) units")
            }
        }
    }

    @Test("A part of a product has the bits that it has in the whole", arguments: TrainingKernels.all)
    func parts(kernels: TrainingKernels) {
        var random = Seeded(5)
        let (m, n, k) = (21, 100, 30)
        let (x, w) = (random.floats(m * k), random.floats(n * k))
        let whole = kernels.multiply(.forward, x, w, m: m, n: n, k: k)
        for rows in [0..<4, 4..<21, 20..<21] {
            let part = kernels.multiply(
                .forward, Array(x[rows.lowerBound * k..<rows.upperBound * k]), w, m: rows.count, n: n, k: k)
            #expect(part == Array(whole[rows.lowerBound * n..<rows.upperBound * n]))
        }
    }
}
