/// Finds the most probable way to cut a word into tokens, in memory that all words of a text share.
///
/// - Source: Kudo 2018, arXiv:1804.10959, section 3.2; `encode_optimized` of Hugging Face tokenizers.
struct BestPath {
    /// The best way to the end of some characters.
    private struct Step {
        /// The sum of the log probabilities.
        var score: Double
        /// The start of the last token, or -1 if no way leads here.
        var start: Int32
        var token: Int32
    }

    private var steps: [Step] = []
    private var path: [Int32] = []

    /// Appends the tokens of a word.
    ///
    /// A character without a token of its own may be unknown, with a score of ten less than the lowest one. Unknown
    /// characters in a row become one token. Of two ways with the same score, the one found first counts: its last token
    /// is the longer one.
    ///
    /// - Parameters:
    ///   - word: the bytes, at least one.
    ///   - trie: the tokens.
    ///   - scores: the log probability of each token.
    ///   - unknown: the token of unknown characters, and its score.
    ///   - ids: receives the ids.
    mutating func append(
        _ word: UTF8Bytes, _ trie: Trie, _ scores: UnsafeBufferPointer<Float>, unknown: (token: Int32, score: Double),
        to ids: inout [Int32]
    ) {
        guard let root = trie.node(of: []) else { return }
        steps.removeAll(keepingCapacity: true)
        steps.append(contentsOf: repeatElement(Step(score: 0, start: -1, token: 0), count: word.count + 1))
        var start = 0
        while start < word.count {
            let length = word.codePoint(at: start).length
            let score = steps[start].score
            var (node, index, hasCharacter) = (root, start, false)
            while index < word.count, let next = trie.step(from: node, word[index]) {
                (node, index) = (next, index + 1)
                guard let token = trie.token(at: node), Int(token) < scores.count else { continue }
                offer(Step(score: score + Double(scores[Int(token)]), start: Int32(start), token: token), at: index)
                if index - start == length { hasCharacter = true }
            }
            if !hasCharacter {
                offer(Step(score: score + unknown.score, start: Int32(start), token: unknown.token), at: start + length)
            }
            start += length
        }
        appendPath(unknown: unknown.token, to: &ids)
    }

    @inline(__always)
    private mutating func offer(_ step: Step, at end: Int) {
        if steps[end].start < 0 || step.score > steps[end].score { steps[end] = step }
    }

    private mutating func appendPath(unknown: Int32, to ids: inout [Int32]) {
        path.removeAll(keepingCapacity: true)
        var end = steps.count - 1
        while end > 0, steps[end].start >= 0 {
            if steps[end].token != unknown || path.last != unknown { path.append(steps[end].token) }
            end = Int(steps[end].start)
        }
        ids.append(contentsOf: path.reversed())
    }
}
