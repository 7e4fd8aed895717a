/// Byte-level byte-pair encoding, the tokenizer of RoBERTa, with the same results as Hugging Face `tokenizers`.
///
/// A text is split into pieces, and the bytes of each piece are merged pair by pair in the order of a list. Every byte has a
/// token of its own, so no text is unknown, and nothing of it is changed first: case, accents and white space count.
///
/// - Source: Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019, "Language Models are Unsupervised Multitask
///   Learners", section 2.2.
public struct BytePair: SubwordTokenizer {
    /// The tokens with a special role.
    public let special: SpecialTokens
    /// The tokens that their own bytes are merged into, so that a piece that is one of them needs no merging.
    private let pieces: Trie
    private let merges: MergeTable
    /// The id of each byte, (256).
    private let bytes: UnsafeBufferPointer<Int32>
    private let addsPrefixSpace: Bool

    /// Creates a tokenizer; the memory of the tables must outlive it.
    ///
    /// - Parameters:
    ///   - pieces: the tokens that their own bytes are merged into, as bytes.
    ///   - merges: the merges.
    ///   - bytes: the id of each of the 256 bytes.
    ///   - addsPrefixSpace: whether a text is read as if it began with a space.
    ///   - special: the special tokens.
    public init(
        pieces: Trie, merges: MergeTable, bytes: UnsafeBufferPointer<Int32>, addsPrefixSpace: Bool,
        special: SpecialTokens
    ) {
        precondition(bytes.count == 256)
        self.pieces = pieces
        self.merges = merges
        self.bytes = bytes
        self.addsPrefixSpace = addsPrefixSpace
        self.special = special
    }

    /// Appends the ids of a text, and stops after the first piece that exceeds `room`.
    ///
    /// - Parameters:
    ///   - text: the text as UTF-8, valid only during the call.
    ///   - ids: receives the ids after those that it has.
    ///   - room: the largest number of ids that are kept.
    public func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], room: Int) {
        guard addsPrefixSpace, let first = text.first, first != 0x20 else {
            return appendPieces(text, to: &ids, room: room)
        }
        ([0x20] + text).withUnsafeBufferPointer { appendPieces($0, to: &ids, room: room) }
    }

    private func appendPieces(_ text: UTF8Bytes, to ids: inout [Int32], room: Int) {
        guard let root = pieces.node(of: []) else { return }
        var merger = PairMerger()
        var start = 0
        while start < text.count && ids.count <= room {
            let end = ByteLevelScanner.endOfPiece(in: text, from: start)
            if let token = token(of: text, start..<end, root) {
                ids.append(token)
            } else {
                merger.append(text[start..<end], bytes, merges, to: &ids)
            }
            start = end
        }
    }

    /// Returns the token that a piece is, or nil.
    private func token(of text: UTF8Bytes, _ piece: Range<Int>, _ root: Int) -> Int32? {
        var node = root
        for index in piece {
            guard let next = pieces.step(from: node, text[index]) else { return nil }
            node = next
        }
        return pieces.token(at: node)
    }

    /// Returns the ids that the bytes of one piece are merged into; this finds the tokens for `pieces`.
    ///
    /// - Parameters:
    ///   - piece: the bytes, at least one.
    ///   - bytes: the id of each of the 256 bytes.
    ///   - merges: the merges.
    /// - Returns: the ids, at least one.
    public static func merged(
        _ piece: [UInt8], bytes: UnsafeBufferPointer<Int32>, merges: MergeTable
    ) -> [Int32] {
        var (merger, ids) = (PairMerger(), [Int32]())
        piece.withUnsafeBufferPointer { merger.append($0[...], bytes, merges, to: &ids) }
        return ids
    }
}
