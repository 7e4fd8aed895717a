import Foundation
import Synchronization

/// The logistic loss of a linear model on some rows, with its gradient.
///
/// The position is the weights, (columns, outputs), followed by the bias of each output.
struct LinearObjective: Sendable {
    let rows: SparseMatrix
    /// The class of each row.
    let labels: [Int]
    /// The probability of each class that a teacher gives each row, (rows, classes); nil if only the labels are learned.
    let soft: [Double]?
    /// The weight of each row.
    let rowWeights: [Double]
    /// 1 for two classes, otherwise the number of classes.
    let outputs: Int
    /// The factor of half the squared length of the weights, without the bias.
    let penalty: Double

    /// Memory for the gradients of the parts.
    let scratch = Scratch()

    /// The number of parts that rows are divided into, which fixes the order of all sums.
    static let parts = 4

    /// The value at a position, and the gradient there.
    func value(at position: [Double], _ gradient: inout [Double]) -> Double {
        let parts = inParallel(rows.rowCount, parts: Self.parts) { part in
            var (value, gradient) = (0.0, scratch.zeros(position.count))
            rows.project(part, position, outputs: outputs, addingTo: &gradient) { row, scores in
                value += rowWeights[row] * differentiate(scores, row)
                for output in scores.indices { scores[output] *= rowWeights[row] }
            }
            return (value: value, gradient: gradient)
        }
        let squares = add(parts.map(\.gradient), penaltyAt: position, to: &gradient)
        return parts.reduce(0) { $0 + $1.value } + penalty / 2 * squares
    }

    /// Adds up the sums of all parts and the gradient of the penalty, and returns the squared length of the weights.
    func add(_ parts: [[Double]], penaltyAt position: [Double], to gradient: inout [Double]) -> Double {
        defer { for part in parts { scratch.giveBack(part) } }
        let penalized = rows.columnCount * outputs
        // Each core adds up another range.
        let sums = inParallel(position.count, parts: Self.parts) { range -> (squares: Double, gradient: [Double]) in
            var sum = Array(parts[0][range])
            for part in parts.dropFirst() {
                part.withUnsafeBufferPointer { part in
                    sum.withUnsafeMutableBufferPointer { sum in
                        for index in range { sum[index - range.lowerBound] += part[index] }
                    }
                }
            }
            var squares = 0.0
            for index in range.clamped(to: 0..<penalized) {
                squares += position[index] * position[index]
                sum[index - range.lowerBound] += penalty * position[index]
            }
            return (squares, sum)
        }
        gradient.removeAll(keepingCapacity: true)
        for sum in sums { gradient += sum.gradient }
        return sums.reduce(0) { $0 + $1.squares }
    }

    /// Replaces scores with the derivative of the loss of a row, and returns the loss.
    private func differentiate(_ scores: UnsafeMutableBufferPointer<Double>, _ row: Int) -> Double {
        if let soft { return differentiate(scores, row, soft) }
        let label = labels[row]
        if outputs == 1 {
            let sign = label == 1 ? 1.0 : -1.0
            let margin = sign * scores[0]
            let exponential = exp(-abs(margin))
            scores[0] = -sign * (margin > 0 ? exponential / (1 + exponential) : 1 / (1 + exponential))
            return max(0, -margin) + log1p(exponential)
        }
        let largest = scores.max() ?? 0
        let wanted = scores[label]
        var sum = 0.0
        for output in scores.indices {
            scores[output] = exp(scores[output] - largest)
            sum += scores[output]
        }
        for output in scores.indices { scores[output] /= sum }
        scores[label] -= 1
        return log(sum) + largest - wanted
    }

    /// The same for probabilities instead of a label: the cross-entropy.
    private func differentiate(_ scores: UnsafeMutableBufferPointer<Double>, _ row: Int, _ soft: [Double]) -> Double {
        if outputs == 1 {
            let (score, wanted) = (scores[0], soft[2 * row + 1])
            let exponential = exp(-abs(score))
            scores[0] = (score > 0 ? 1 / (1 + exponential) : exponential / (1 + exponential)) - wanted
            return max(0, score) - wanted * score + log1p(exponential)
        }
        let largest = scores.max() ?? 0
        var (sum, expected) = (0.0, 0.0)
        for output in scores.indices {
            expected += soft[outputs * row + output] * (scores[output] - largest)
            scores[output] = exp(scores[output] - largest)
            sum += scores[output]
        }
        for output in scores.indices { scores[output] = scores[output] / sum - soft[outputs * row + output] }
        return log(sum) - expected
    }
}

/// Arrays that are used again, because the system needs time to give a process new memory.
final class Scratch: Sendable {
    private let arrays = Mutex<[[Double]]>([])

    /// An array of zeros.
    func zeros(_ count: Int) -> [Double] {
        guard var array = arrays.withLock({ $0.popLast() }), array.count == count else {
            return Array(repeating: 0, count: count)
        }
        array.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        return array
    }

    /// Keeps an array for the next time.
    func giveBack(_ array: [Double]) { arrays.withLock { $0.append(array) } }
}
