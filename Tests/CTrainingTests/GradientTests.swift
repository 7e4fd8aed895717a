import CTraining
import Fixtures
import Foundation
import Testing

/// The gradients of the definition, against finite differences of the same functions in double precision.
@Suite("Gradients and finite differences") struct GradientTests {
    private let step = 1e-5

    /// The derivative of a function at each element of x.
    private func slopes(_ x: [Float], _ function: ([Double]) -> Double) -> [Double] {
        let x = x.map(Double.init)
        return x.indices.map { index in
            var (low, high) = (x, x)
            low[index] -= step
            high[index] += step
            return (function(high) - function(low)) / (2 * step)
        }
    }

    private func expectNear(_ found: [Float], _ expected: [Double], _ tolerance: Double = 2e-5, _ what: String = "") {
        let largest = expected.map(abs).max() ?? 1
        for (found, expected) in zip(found, expected) {
            #expect(abs(Double(found) - expected) < tolerance * max(1, largest), "\(what)")
        }
    }

    private func dot(_ a: [Double], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * Double($1.1) } }

    @Test("A step of word2vec", arguments: TrainingKernels.all)
    func sample(kernels: TrainingKernels) {
        var random = Seeded(6)
        let (width, rows, rate) = (16, [3, 0, 8, 5], Float(0.5))
        let (x, table) = (random.floats(width), random.floats(9 * width))
        let logistic = (0..<Int(training_logistic_count)).map { 1 / (1 + exp(6 - (Float($0) + 0.5) / 83)) }
        var (change, changed) = ([Float](repeating: 0, count: width), table)
        kernels.table.sample(&change, &changed, x, rows.map(Int32.init), rows.count, logistic, rate, width)
        // The logarithm of the probability that the first row is told to belong to x, and the others not to.
        func logLikelihood(_ x: [Double], _ table: [Double]) -> Double {
            rows.enumerated().reduce(0) { sum, row in
                let z = (0..<width).reduce(0) { $0 + x[$1] * table[row.element * width + $1] }
                return sum - log(1 + exp(row.offset == 0 ? -z : z))
            }
        }
        let (first, second) = (x.map(Double.init), table.map(Double.init))
        // The table of the logistic function has steps of 1/83.
        expectNear(change.map { $0 / rate }, slopes(x) { logLikelihood($0, second) }, 6e-3)
        expectNear(
            zip(changed, table).map { ($0 - $1) / rate }, slopes(table) { logLikelihood(first, $0) }, 6e-3)
    }

    @Test("Layer norm", arguments: TrainingKernels.all)
    func layerNorm(kernels: TrainingKernels) {
        var random = Seeded(1)
        let width = 21
        let (x, dy) = (random.floats(2 * width, 2), random.floats(2 * width))
        let (gain, offset) = (random.floats(width), random.floats(width))
        func norm(_ x: [Double], _ gain: [Double], _ offset: [Double]) -> [Double] {
            stride(from: 0, to: x.count, by: width).flatMap { start in
                let row = x[start..<start + width]
                let mean = row.reduce(0, +) / Double(width)
                let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
                return row.enumerated().map { ($1 - mean) / (variance + 1e-12).squareRoot() * gain[$0] + offset[$0] }
            }
        }
        let (g, o) = (gain.map(Double.init), offset.map(Double.init))
        let found = kernels.layerNorm(x, gain: gain, offset: offset, dy: dy)
        expectNear(found[0], norm(x.map(Double.init), g, o))
        expectNear(found[3], slopes(x) { dot(norm($0, g, o), dy) })
        let xs = x.map(Double.init)
        // The gradients of gain and offset are added to what was there, which is gain and offset themselves.
        expectNear(zip(found[4], gain).map { $0 - $1 }, slopes(gain) { dot(norm(xs, $0, o), dy) })
        expectNear(zip(found[5], offset).map { $0 - $1 }, slopes(offset) { dot(norm(xs, g, $0), dy) })
    }

    @Test("GELU", arguments: TrainingKernels.all)
    func gelu(kernels: TrainingKernels) {
        let x = (-120...120).map { Float($0) / 16 }
        let dy = x.map { _ in Float(1) }
        func gelu(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.0.squareRoot()) }
        let values = zip(kernels.gelu(x), x).map { abs(Double($0) - gelu(Double($1))) }
        #expect((values.max() ?? 1) < 1e-6)
        let slopes = kernels.geluBackward(x, dy: dy)
        for (x, slope) in zip(x, slopes) {
            let expected = (gelu(Double(x) + step) - gelu(Double(x) - step)) / (2 * step)
            #expect(abs(Double(slope) - expected) < 1e-6, "at \(x)")
        }
    }

    @Test("Attention with dropout", arguments: TrainingKernels.all)
    func attention(kernels: TrainingKernels) {
        var random = Seeded(3)
        let (tokens, heads, headDim) = (5, 2, 6)
        let (width, columns) = (heads * headDim, training_padded(tokens))
        let (qkv, dy) = (random.floats(tokens * 3 * width), random.floats(tokens * width))
        let mask = (0..<heads * tokens * columns).map { _ in random.float() > -0.5 ? Float(1.25) : 0 }
        func attend(_ x: [Double]) -> [Double] {
            var out = [Double](repeating: 0, count: tokens * width)
            for h in 0..<heads {
                for t in 0..<tokens {
                    let scores = (0..<tokens).map { s in
                        (0..<headDim).reduce(0) { sum, d in
                            sum + x[t * 3 * width + h * headDim + d] * x[s * 3 * width + width + h * headDim + d]
                        } / Double(headDim).squareRoot()
                    }
                    let total = scores.reduce(0) { $0 + exp($1) }
                    for s in 0..<tokens {
                        let share = exp(scores[s]) / total * Double(mask[(h * tokens + t) * columns + s])
                        for d in 0..<headDim {
                            out[t * width + h * headDim + d] +=
                                share * x[s * 3 * width + 2 * width + h * headDim + d]
                        }
                    }
                }
            }
            return out
        }
        let found = kernels.attention(qkv, mask: mask, dy: dy, heads: heads, headDim: headDim)
        expectNear(found[0], attend(qkv.map(Double.init)))
        expectNear(found[2], slopes(qkv) { dot(attend($0), dy) })
    }

    @Test("A step of LSTM", arguments: TrainingKernels.all, [false, true])
    func lstm(kernels: TrainingKernels, isFirst: Bool) {
        var random = Seeded(4)
        let (m, units) = (2, 19)
        let (sums, before) = (random.floats(m * 4 * units, 3), random.floats(m * units))
        let (dh, dc) = (random.floats(m * units), random.floats(m * units))
        /// h and c one after the other.
        func step(_ sums: [Double], _ before: [Double]) -> [Double] {
            func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
            let c = (0..<m * units).map { at in
                let gate = at / units * 4 * units + at % units
                return sigmoid(sums[gate + units]) * before[at] + sigmoid(sums[gate]) * tanh(sums[gate + 2 * units])
            }
            return c.indices.map { at in
                sigmoid(sums[at / units * 4 * units + at % units + 3 * units]) * tanh(c[at])
            } + c
        }
        let (x, start) = (sums.map(Double.init), isFirst ? before.map { _ in 0 } : before.map(Double.init))
        let found = kernels.lstm(sums, before: isFirst ? nil : before, dh: dh, dc: dc, units: units)
        for (found, expected) in zip(found[0] + found[1], step(x, start)) {
            #expect(abs(Double(found) - expected) < 5e-7)
        }
        expectNear(found[4], slopes(sums) { dot(step($0, start), dh + dc) })
        expectNear(found[5], slopes(start.map(Float.init)) { dot(step(x, $0), dh + dc) })
    }

    @Test(
        "The generator of dropout is Philox4x32-10, and drops the share that it should", arguments: TrainingKernels.all)
    func dropout(kernels: TrainingKernels) {
        // The known answer of Random123 for the counter and key of zeros starts with the word 6627e8d5.
        let zeros = training_dropout(key: (0, 0), text: 0, site: 0, step: 0, threshold: 0x6627_E8D5, scale: 1)
        #expect(kernels.drop([1], zeros) == [1])
        var above = zeros
        above.threshold += 1
        #expect(kernels.drop([1], above) == [0])
        // And for a counter and key of the digits of pi, with d16cfe09.
        let digits = training_dropout(
            key: (0xA409_3822, 0x299F_31D0), text: 0x85A3_08D3, site: 0x1319_8A2E, step: 0x0370_7344,
            threshold: 1 << 31, scale: 2)
        let many = kernels.drop(Array(repeating: 1, count: 100_000), digits)
        #expect(Set(many) == [0, 2])
        #expect(abs(many.reduce(0, +) / 100_000 - 1) < 0.02)
    }
}
