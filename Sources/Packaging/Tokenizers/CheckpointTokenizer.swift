internal import JSON
import ModelFile
import Text

/// The tokenizer of a checkpoint, as it goes into a model file.
protocol CheckpointTokenizer {
    /// The file that it was read from, for errors.
    var path: String { get }
    /// The keys of the model file.
    var schema: TokenizerSchema { get }
    /// The tables of the model file.
    var tensors: [ModelFile.NewTensor] { get }
}

/// Reads the tokenizer of a checkpoint.
enum TokenizerFiles {
    /// Reads the tokenizer in a folder.
    ///
    /// It is read from tokenizer.json, or else from the files that older checkpoints have instead. A setting that
    /// tokenizer_config.json gives counts instead of the same one in tokenizer.json, as in Hugging Face `transformers`.
    ///
    /// - Parameter folder: The folder of the tokenizer.
    /// - Returns: The tokenizer.
    /// - Throws: `PackagingError` if there is none, or if it cannot be packed.
    static func read(folder: String) throws -> any CheckpointTokenizer {
        func has(_ name: String) -> Bool { CheckpointFile.exists("\(folder)/\(name)") }
        let settings: JSON =
            has("tokenizer_config.json") ? try JSONFile(path: "\(folder)/tokenizer_config.json").object : [:]
        if has("tokenizer.json") {
            let file = try JSONFile(path: "\(folder)/tokenizer.json")
            // Files of older versions do not say that a model with this prefix is a WordPiece model.
            let isWordPiece = file["model"]?["continuing_subword_prefix"]?.string == "##"
            let kind = file["model"]?["type"]?.summary ?? (isWordPiece ? "WordPiece" : "missing")
            switch kind {
            case "WordPiece": return try WordPieceFiles(json: file, configured: settings)
            case "BPE": return try BytePairFiles(json: file, configured: settings)
            case "Unigram": return try UnigramFiles(json: file)
            default:
                throw PackagingError.unsupported(
                    path: file.path, what: "the type of \"model\"", found: "'\(kind)'",
                    expected: "WordPiece, BPE, Unigram")
            }
        }
        if has("vocab.txt") { return try WordPieceFiles(vocabulary: "\(folder)/vocab.txt", settings: settings) }
        if has("vocab.json"), has("merges.txt") { return try BytePairFiles(folder: folder, settings: settings) }
        if has("sentencepiece.bpe.model") {
            return try UnigramFiles(SentencePieceModel(path: "\(folder)/sentencepiece.bpe.model"))
        }
        // Other models than ALBERT have a file of this name too, with other rules.
        if has("spiece.model"), try isAlbert(folder, settings) {
            return try UnigramFiles(albert: SentencePieceModel(path: "\(folder)/spiece.model"), settings: settings)
        }
        throw PackagingError.missingTokenizer(path: folder, elsewhere: CheckpointFolder.tokenizer(of: folder))
    }

    private static func isAlbert(_ folder: String, _ settings: JSON) throws -> Bool {
        if let name = settings["tokenizer_class"]?.string { return name.hasPrefix("AlbertTokenizer") }
        let path = "\(folder)/config.json"
        return try CheckpointFile.exists(path) && JSONFile(path: path)["model_type"]?.string == "albert"
    }

    /// Reads the tokenizer in a folder, where only that of BERT will do.
    ///
    /// - Parameters:
    ///   - folder: The folder of the tokenizer.
    ///   - what: What the tokenizer is, for errors.
    /// - Returns: The tokenizer.
    /// - Throws: `PackagingError` if there is none, if it cannot be packed, or if it is another one.
    static func readWordPiece(folder: String, as what: String) throws -> WordPieceFiles {
        let tokenizer = try read(folder: folder)
        guard let wordPiece = tokenizer as? WordPieceFiles else {
            throw PackagingError.unsupported(
                path: tokenizer.path, what: what, found: tokenizer.schema.algorithm.kind.rawValue,
                expected: TokenizerSchema.Kind.wordpiece.rawValue)
        }
        return wordPiece
    }
}

extension JSONFile {
    /// The part of tokenizer.json under `key`, which must have this type.
    func part(_ key: String, type expected: String) throws -> JSON {
        let part = self[key] ?? [:]
        let found = part["type"]?.summary ?? "missing"
        guard found == expected else { throw unsupported("the type of \"\(key)\"", found, expected) }
        return part
    }

    func unsupported(_ what: String, _ found: String, _ expected: String) -> PackagingError {
        .unsupported(path: path, what: what, found: "'\(found)'", expected: expected)
    }
}

extension ModelFile.NewTensor {
    /// The tensor of the tokens.
    static func trie(_ nodes: [Int32]) -> Self { table(TokenizerSchema.trie, nodes, columns: Trie.nodeWidth) }

    /// A table of int32 with any number of rows.
    static func table(_ name: String, _ values: [Int32], columns: Int) -> Self {
        .init(TensorSchema(name, .int32, [values.count / columns, columns])) { littleEndianBytes(values) }
    }
}
