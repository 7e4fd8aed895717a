import Foundation

/// Trains a logistic regression on vectors of texts.
///
/// The vectors are scaled so that the mean of their squared lengths is 1, as those of sentence encoders are, so a value of
/// C means the same for every encoder.
public struct LogisticHead: Sendable {
    /// The values of C that are tried if none is given.
    public static let trials = [0.1, 1, 10, 100]
    /// The share of the texts that choose C.
    private static let share = 0.1

    /// The weight of the loss against the penalty; nil tries ``trials`` on a part of the texts.
    public var c: Double?
    /// The weight of the classes.
    public var classWeight = LinearTrainer.ClassWeight.none
    /// Chooses the part of the texts that chooses C.
    public var seed: UInt64

    /// Creates a trainer.
    ///
    /// - Parameters:
    ///   - c: The weight of the loss against the penalty; nil tries several.
    ///   - seed: Chooses the part of the texts that chooses C.
    public init(c: Double?, seed: UInt64) { (self.c, self.seed) = (c, seed) }

    /// Trains a head.
    ///
    /// - Parameters:
    ///   - vectors: The vectors.
    ///   - labels: The class of each text.
    ///   - classes: The number of classes.
    ///   - soft: The probabilities to learn instead of the labels, (texts, classes), or nil.
    /// - Returns: The head, and the value of C.
    public func train(
        _ vectors: TextVectors, _ labels: [Int], classes: Int, soft: [Double]? = nil
    ) -> (head: VectorHead, c: Double) {
        let scale = 1 / (vectors.meanSquare * Double(vectors.width)).squareRoot()
        let c = c ?? bestC(vectors, labels, classes, soft, scale: scale)
        return (fit(vectors, labels, classes, soft, c: c, scale: scale), c)
    }

    /// The value of C with the smallest log loss on a part of the texts.
    private func bestC(
        _ vectors: TextVectors, _ labels: [Int], _ classes: Int, _ soft: [Double]?, scale: Double
    ) -> Double {
        var random = SplitMix64(seed: seed)
        var order = Array(labels.indices)
        for index in order.indices.reversed() { order.swapAt(index, random.index(below: index + 1)) }
        let count = max(1, Int(Self.share * Double(order.count)))
        let (chosen, rest) = (Array(order[..<count]), Array(order[count...]))
        let left = vectors.rows(at: rest)
        func loss(_ c: Double) -> Double {
            let head = fit(
                left, rest.map { labels[$0] }, classes,
                soft.map { soft in rest.flatMap { soft[$0 * classes..<($0 + 1) * classes] } }, c: c, scale: scale)
            return chosen.reduce(0) { $0 + Self.logLoss(head.logits(vectors[$1]), labels[$1]) }
        }
        return Self.trials.map { (c: $0, loss: loss($0)) }.min { $0.loss < $1.loss }?.c ?? 1
    }

    private static func logLoss(_ logits: [Double], _ label: Int) -> Double {
        let top = logits.max() ?? 0
        return top + log(logits.reduce(0) { $0 + exp($1 - top) }) - logits[label]
    }

    private func fit(
        _ vectors: TextVectors, _ labels: [Int], _ classes: Int, _ soft: [Double]?, c: Double, scale: Double
    ) -> VectorHead {
        var trainer = LinearTrainer(.logistic, c: c)
        trainer.classWeight = classWeight
        let rows = SparseMatrix(rows: vectors.values.map { $0 * Float(scale) }, columnCount: vectors.width)
        let model = trainer.train(rows, labels, classes: classes, soft: soft).model
        var head = VectorHead(
            width: vectors.width, weights: [Float](repeating: 0, count: classes * vectors.width),
            bias: [Float](repeating: 0, count: classes))
        for output in 0..<classes {
            // With two classes, the only output is the difference of both logits.
            let (source, sign) = model.outputs == 1 ? (0, output == 1 ? 0.5 : -0.5) : (output, 1)
            head.bias[output] = Float(sign * model.bias[source])
            for column in 0..<vectors.width {
                head.weights[output * vectors.width + column] = Float(
                    sign * scale * model.weights[column * model.outputs + source])
            }
        }
        return head
    }
}
