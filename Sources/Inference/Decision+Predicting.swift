import Glibc
public import ModelFile

extension Decision {
    /// Turns the logits of one text into scores, and chooses a label.
    ///
    /// - Parameter logits: One number for each label.
    /// - Returns: The index of the label, and the score of each label.
    func predict(_ logits: [Float]) -> (label: Int, scores: [Float]) {
        let scores = scores(of: logits)
        if scores.count == 2, activation == .softmax { return (scores[1] >= threshold ? 1 : 0, scores) }
        return (scores.indices.max { scores[$0] < scores[$1] } ?? 0, scores)
    }

    /// Turns the logits of one text into scores.
    ///
    /// - Parameter logits: One number for each label.
    /// - Returns: The score of each label.
    public func scores(of logits: [Float]) -> [Float] {
        let logits = temperature == 1 ? logits : logits.map { $0 / temperature }
        switch activation {
        case .softmax:
            let largest = logits.max() ?? 0
            let exponentials = logits.map { expf($0 - largest) }
            let total = exponentials.reduce(0, +)
            return exponentials.map { $0 / total }
        case .sigmoid:
            return logits.map { 1 / (1 + expf(-$0)) }
        }
    }
}
