import ModelFile
import Text

/// The tokenizer that a model file declares, with its vocabulary where it lies.
struct Tokenizer: Sendable {
    /// (nodes, 3) int32: see `Trie`.
    private let trie: Tensor
    private let vocabulary: Int
    private let normalizer: Normalizer
    private let special: WordPiece.Special

    init(_ file: ModelFile, vocabulary: Int) throws(ModelFileError) {
        let metadata = file.metadata
        let prefix = "pinson.tokenizer"
        let _: Kind = try file.choice("\(prefix).kind")
        normalizer = Normalizer(
            cleansText: try metadata.bool("\(prefix).cleans_text"),
            splitsIdeographs: try metadata.bool("\(prefix).splits_ideographs"),
            stripsAccents: try metadata.bool("\(prefix).strips_accents"),
            lowercases: try metadata.bool("\(prefix).lowercases"))

        guard let trie = file.tensor(named: "vocabulary.trie") else {
            throw .missingTensor(path: file.path, name: "vocabulary.trie")
        }
        self.trie = try file.tensor("vocabulary.trie", .int32, shape: [trie.shape[0], Trie.nodeWidth])
        self.vocabulary = vocabulary
        let view = Trie(words: trie.elements(as: Int32.self), vocabulary: vocabulary)
        func id(_ token: String) throws(ModelFileError) -> Int32 {
            guard let id = view.id(of: token) else {
                throw .invalid(path: file.path, reason: "its special token '\(token)' is not in its vocabulary")
            }
            return id
        }
        var literals: [WordPiece.Special.Literal] = []
        for token in try metadata.strings("\(prefix).special_tokens") {
            literals.append(.init(text: token, id: try id(token)))
        }
        special = WordPiece.Special(
            unknown: try id(metadata.string("\(prefix).unknown_token")),
            start: try id(metadata.string("\(prefix).start_token")),
            end: try id(metadata.string("\(prefix).end_token")), literals: literals)
    }

    private enum Kind: String { case wordpiece }

    func withWordPiece<R>(_ body: (WordPiece) -> R) -> R {
        let view = Trie(words: trie.elements(as: Int32.self), vocabulary: vocabulary)
        return body(WordPiece(trie: view, normalizer: normalizer, special: special))
    }
}
