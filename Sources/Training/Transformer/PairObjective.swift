/// The loss of pairs of texts, whose vectors should be near each other or not.
///
/// The vector of a text is the mean of its hidden states. The loss of a pair is the square of the difference between the
/// cosine of its vectors and 1, if both have the same label, or 0 otherwise.
///
/// - Source: Reimers and Gurevych 2019, arXiv:1908.10084; Tunstall et al. 2022, arXiv:2209.11055.
final class PairObjective: Objective {
    let group = 2
    private let pass: EncoderPass
    /// For each pair, whether both texts have the same label.
    private let isSame: [Bool]

    init(_ pass: EncoderPass, isSame: [Bool]) { (self.pass, self.isSame) = (pass, isSame) }

    func total(of texts: [Int]) -> Double { Double(texts.count / 2) }

    func backward(
        _ texts: [Int], _ batch: TextBatch, _ dropout: Dropout?, total: Double, _ gradients: WeightGradients
    ) -> Double {
        let vectors = (0..<batch.count).map { mean(batch.rows(of: $0)) }
        var loss = 0.0
        for first in stride(from: 0, to: batch.count, by: 2) {
            let wanted = isSame[texts[first] / 2] ? 1.0 : 0.0
            let (left, right) = (vectors[first], vectors[first + 1])
            let lengths = [left, right].map { max(Self.dot($0, $0).squareRoot(), 1e-8) }
            let cosine = Self.dot(left, right) / (lengths[0] * lengths[1])
            let difference = cosine - wanted
            loss += difference * difference / total
            for (text, own, other, length) in [(first, left, right, lengths[0]), (first + 1, right, left, lengths[1])] {
                // d cos / d u = v / (|u| |v|) − cos · u / |u|²
                let factor = 2 * difference / total
                let gradient = zip(own, other).map { own, other in
                    factor * (other / (lengths[0] * lengths[1]) - cosine * own / (length * length))
                }
                spread(gradient, over: batch.rows(of: text))
            }
        }
        return loss
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The mean of the hidden states of a text.
    private func mean(_ rows: Range<Int>) -> [Double] {
        let width = pass.shape.width
        var sum = [Double](repeating: 0, count: width)
        for row in rows {
            let values = pass.kept.output + row * width
            for index in 0..<width { sum[index] += Double(values[index]) }
        }
        return sum.map { $0 / Double(rows.count) }
    }

    /// Gives each hidden state of a text its part of the gradient of their mean.
    private func spread(_ gradient: [Double], over rows: Range<Int>) {
        let width = pass.shape.width
        for row in rows {
            let values = pass.kept.output + row * width
            for index in 0..<width { values[index] = Float(gradient[index] / Double(rows.count)) }
        }
    }
}
