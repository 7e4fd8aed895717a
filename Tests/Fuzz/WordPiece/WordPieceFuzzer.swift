import Fixtures
import Fuzzing

@testable import Text

private let vocabulary = TinyCheckpoint.vocabulary + ["ᄒ", "##ᅡ", "##ᆫ", "我", "é"]
private let words = Trie.build(vocabulary)

/// The first bytes choose the normalizer and the limit, and how much of the vocabulary is damaged; the rest is the text.
///
/// Every id is in the vocabulary, the number of ids is within the limit, and an encoding has a start and an end.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let (flags, limit) = (input.byte(), Int(input.byte()))
    var words = words
    let damages = input.byte() / 32
    for _ in 0..<damages {
        let place = (Int(input.byte()) << 8 | Int(input.byte())) % words.count
        words[place] = input.bytes(4).reduce(0) { $0 << 8 | Int32($1) }
    }
    let normalizer = Normalizer(
        cleansText: flags & 1 != 0, splitsIdeographs: flags & 2 != 0, stripsAccents: flags & 4 != 0,
        lowercases: flags & 8 != 0)
    let special = SpecialTokens(
        unknown: 1, start: 2, end: 3,
        literals: TinyCheckpoint.specials.enumerated().map { .init(text: $1, id: Int32($0)) })
    words.withUnsafeBufferPointer { words in
        let trie = Trie(words: words, vocabulary: vocabulary.count)
        let encoding = WordPiece(trie: trie, normalizer: normalizer, special: special).encode(
            input.text, limit: limit, literals: flags & 16 != 0 ? .asHuggingFace : .asText)
        precondition(encoding.ids.count <= max(limit, 2))
        precondition(encoding.ids.allSatisfy { (0..<Int32(vocabulary.count)).contains($0) })
        precondition(encoding.ids.first == 2 && encoding.ids.last == 3)
        if damages > 0 { _ = trie.tokens() }
    }
    return 0
}
