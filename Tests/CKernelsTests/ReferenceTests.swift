import CKernels
import Fixtures
import Foundation
import Testing

/// The reference kernels agree with independent implementations in double and integer arithmetic.
@Suite struct ReferenceTests {
    private let kernels = Kernels.reference

    @Test(arguments: [1, 3, 4, 5, 40, 100])
    func quantizedValuesAreWithinHalfAStep(k: Int) {
        var random = Seeded(UInt64(k))
        // The first row has no negative values, so its zero point is at the edge of the range.
        let x = random.floats(3 * k, 7).enumerated().map { $0 < k ? abs($1) : $1 }
        let rows = kernels.quantize(x, m: 3, k: k)
        for row in 0..<3 {
            for column in 0..<k {
                let q = Int32(rows.q[row * rows.stride + column])
                #expect((1...255).contains(q))
                let value = rows.scale[row] * Float(q - rows.zero[row])
                #expect(abs(value - x[row * k + column]) <= rows.scale[row] * 0.5001)
            }
            let padding = rows.q[row * rows.stride + k..<(row + 1) * rows.stride]
            #expect(padding.allSatisfy { Int32($0) == rows.zero[row] })
        }
    }

    @Test func rowsOfZerosAndOfTinyValuesHaveScaleZero() {
        let rows = kernels.quantize([0, 0, 0, 0, 1e-37, -1e-37, 0, 1e-36], m: 2, k: 4)
        #expect(rows.scale == [0, 0])
        #expect(rows.q == Array(repeating: 1, count: 2 * rows.stride))
    }

    @Test func zeroIsRepresentedExactly() {
        let rows = kernels.quantize([0, -1, 3.7, 0, 0.2, 9, 4, 0], m: 2, k: 4)
        #expect(rows.q[0] == UInt8(rows.zero[0]))
        #expect(rows.q[rows.stride + 3] == UInt8(rows.zero[1]))
    }

    @Test func aQuantizedProductEqualsTheIntegerSum() {
        var random = Seeded(2)
        let (m, n, k) = (3, 32, 20)
        let weights = Kernels.Weights(
            n: n, k: k, scale: random.floats(n).map { abs($0) }, bias: random.floats(n)
        ) { Int8.random(in: -127...127, using: &random) }
        let rows = kernels.quantize(random.floats(m * k, 2), m: m, k: k)
        let out = kernels.matmul(rows, weights)
        for row in 0..<m {
            for column in 0..<n {
                var sum = 0
                for i in 0..<k {
                    sum +=
                        (Int(rows.q[row * rows.stride + i]) - Int(rows.zero[row])) * Int(weights.values[column * k + i])
                }
                let expected = Float(sum) * (rows.scale[row] * weights.scale[column]) + weights.bias[column]
                #expect(out[row * n + column] == expected)
            }
        }
    }

    @Test func fourBitAndEightBitWeightsGiveTheSameProduct() {
        var random = Seeded(5)
        let (m, n, k) = (3, 32, 40)
        let scale = random.floats(n).map { abs($0) }
        let bias = random.floats(n)
        let four = Kernels.Weights(n: n, k: k, bits: 4, scale: scale, bias: bias) {
            Int8.random(in: -7...7, using: &random) * 16
        }
        var eight = four
        eight.bits = 8
        let rows = kernels.quantize(random.floats(m * k, 2), m: m, k: k)
        #expect(kernels.matmul(rows, four) == kernels.matmul(rows, eight))
    }

    @Test func aFloatProductIsExactUpToRounding() {
        var random = Seeded(3)
        let (m, n, k) = (2, 5, 100)
        let (x, w, bias) = (random.floats(m * k), random.floats(n * k), random.floats(n))
        let out = kernels.matmul(x, w, bias: bias, m: m, n: n, k: k)
        for row in 0..<m {
            for column in 0..<n {
                let exact = (0..<k).reduce(Double(bias[column])) {
                    $0 + Double(x[row * k + $1]) * Double(w[column * k + $1])
                }
                #expect(abs(Double(out[row * n + column]) - exact) < 1e-5)
            }
        }
    }

    @Test(arguments: [1, 7, 16, 40])
    func layerNormMatchesTheExactFormula(width: Int) {
        var random = Seeded(4)
        let (x, residual) = (random.floats(2 * width, 3), random.floats(2 * width, 3))
        let (gain, offset) = (random.floats(width), random.floats(width))
        for residual in [residual, nil] {
            let out = kernels.layerNorm(x, adding: residual, gain: gain, offset: offset, epsilon: 1e-3, width: width)
            for row in 0..<2 {
                let values = (0..<width).map { Double(x[row * width + $0]) + Double(residual?[row * width + $0] ?? 0) }
                let mean = values.reduce(0, +) / Double(width)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
                for i in 0..<width {
                    let exact =
                        (values[i] - mean) / (variance + 1e-3).squareRoot() * Double(gain[i]) + Double(offset[i])
                    #expect(abs(Double(out[row * width + i]) - exact) < 1e-5)
                }
            }
        }
    }

    @Test func geluStaysWithinItsDocumentedError() {
        let x = stride(from: Float(-30), through: 30, by: 0.0009).map { $0 }
        var largest = 0.0
        for (x, y) in zip(x, kernels.gelu(x)) {
            let exact = 0.5 * Double(x) * erfc(-Double(x) / 2.0.squareRoot())
            let error = abs(Double(y) - exact)
            largest = max(largest, error)
            #expect(error < (abs(x) <= 8 ? 5e-6 : 1e-6 * Double(abs(x))), "gelu(\(x)) is \(y), exactly \(exact)")
        }
        #expect(largest > 1e-7)  // Some error must remain; otherwise the test compares nothing.
    }

    @Test func geluByTanhStaysWithinItsDocumentedError() {
        let x = stride(from: Float(-30), through: 30, by: 0.0009).map { $0 }
        var largest = 0.0
        for (x, y) in zip(x, kernels.geluTanh(x)) {
            let (value, size) = (Double(x), max(1, abs(Double(x))))
            let exact =
                value / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (value + 0.044715 * value * value * value)))
            largest = max(largest, abs(Double(y) - exact) / size)
        }
        #expect(largest < 1e-6 && largest > 1e-8, "\(largest)")
    }

    @Test(arguments: [1, 2, 17, 40], [false, true])
    func attentionMatchesTheExactFormula(tokens: Int, hasBias: Bool) {
        var random = Seeded(5)
        let (heads, headDim) = (3, 10)
        let width = heads * headDim
        let q = random.floats(tokens * width, 4)
        let k = random.floats(tokens * width, 4)
        let v = random.floats(tokens * width)
        let bias = hasBias ? random.floats(heads * (2 * tokens - 1), 3) : nil
        let out = kernels.attention(q: q, k: k, v: v, heads: heads, headDim: headDim, bias: bias)
        for head in 0..<heads {
            for t in 0..<tokens {
                let at = { (x: [Float], s: Int, d: Int) in Double(x[s * width + head * headDim + d]) }
                let logits = (0..<tokens).map { s in
                    (0..<headDim).reduce(0) { $0 + at(q, t, $1) * at(k, s, $1) } / Double(headDim).squareRoot()
                        + Double(bias?[head * (2 * tokens - 1) + tokens - 1 + s - t] ?? 0)
                }
                let top = logits.max() ?? 0
                let powers = logits.map { exp($0 - top) }
                let total = powers.reduce(0, +)
                for d in 0..<headDim {
                    let exact = (0..<tokens).reduce(0) { $0 + powers[$1] / total * at(v, $1, d) }
                    #expect(abs(Double(out[t * width + head * headDim + d]) - exact) < 5e-6)
                }
            }
        }
    }

    @Test func addScaledScalesAndAdds() {
        #expect(kernels.addScaled([1, -2, 127], scale: 0.5, [10, 20, 30]) == [10.5, 19, 93.5])
    }

    @Test func lstmStaysWithinItsDocumentedError() {
        let x = stride(from: Float(-20), through: 20, by: 0.003).map { $0 }
        func sigmoid(_ x: Float) -> Double { 1 / (1 + exp(-Double(x))) }
        let zeros = [Float](repeating: 0, count: x.count)
        func sums(_ gates: [[Float]]) -> [Float] { gates.flatMap(\.self) }
        // With the state 1 and i = 0, the new state is the value of the forget gate.
        let low = [Float](repeating: -100, count: x.count)
        let forget = kernels.lstm(
            c: zeros.map { _ in 1 }, z: sums([low, x, zeros, zeros]), r: nil, units: x.count)[1]
        // With i = 1 and no state before, it is tanh of the candidate.
        let candidate = kernels.lstm(
            c: zeros, z: sums([low.map { -$0 }, zeros, x, zeros]), r: nil, units: x.count)[1]
        var largest = 0.0
        for (index, x) in x.enumerated() {
            largest = max(
                largest, abs(Double(forget[index]) - sigmoid(x)), abs(Double(candidate[index]) - tanh(Double(x))))
        }
        #expect(largest < 2e-7 && largest > 1e-9)
    }

    @Test func aGateThatIsNotANumberMakesTheOutputNotANumber() {
        for gate in 0..<4 {
            var z: [Float] = [0, 0, 0, 0]
            z[gate] = .nan
            #expect(kernels.lstm(c: [1], z: z, r: nil, units: 1)[0][0].isNaN)
        }
    }
}
