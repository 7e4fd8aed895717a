extension WordPiece {
    /// Calls `body` with each token that is found in a text, also in a word that becomes unknown because of its rest.
    ///
    /// A vocabulary that has at least these tokens, and no other ones than this vocabulary, cuts the text in the same way:
    /// at each place the longest token is still there, and none that is longer is new.
    ///
    /// - Parameters:
    ///   - text: The text, which is read to its end.
    ///   - body: Receives the id of a token.
    public func forEachMatch(in text: String, _ body: (Int32) -> Void) {
        guard let root = trie.node(of: []) else { return }
        normalizer.forEachWord(in: text.unicodeScalars) { word, codePoints in
            guard codePoints <= Self.mostCodePoints else { return true }
            var (start, node) = (0, Int?.some(root))
            while start < word.count, let from = node,
                let (token, end) = trie.longestToken(in: word, from: start, node: from)
            {
                body(token)
                (start, node) = (end, continuation)
            }
            return true
        }
    }
}
