import Fixtures
import Testing

@testable import Text

@Suite struct BytePairTests {
    private func pieces(_ text: String) -> [String] {
        var (text, pieces, start) = (text, [String](), 0)
        return text.withUTF8 { bytes in
            while start < bytes.count {
                let end = ByteLevelScanner.endOfPiece(in: bytes, from: start)
                pieces.append(String(decoding: bytes[start..<end], as: UTF8.self))
                start = end
            }
            return pieces
        }
    }

    @Test(
        "A text is split as the expression of GPT-2 splits it",
        arguments: [
            ("", []), ("so good", ["so", " good"]), (" a  b", [" a", " ", " b"]), ("a ", ["a", " "]),
            ("a  ", ["a", "  "]), ("a\n\nb", ["a", "\n", "\n", "b"]), ("\u{A0} x", ["\u{A0}", " x"]),
            ("can't", ["can", "'t"]), ("CAN'T", ["CAN", "'", "T"]), ("we'll've", ["we", "'ll", "'ve"]),
            ("!'s", ["!'", "s"]), ("' s", ["'", " s"]), ("'r", ["'", "r"]), ("'", ["'"]), ("a1b", ["a", "1", "b"]),
            ("né e\u{301}", ["né", " e", "\u{301}"]), ("😍😍 ok", ["😍😍", " ok"]), ("½Ⅷ日", ["½Ⅷ", "日"]),
        ])
    func splitting(text: String, expected: [String]) { #expect(pieces(text) == expected) }

    /// Merges as the definition says: search the whole list again after each merge.
    private func merged(_ piece: [UInt8], _ merges: [(left: Int32, right: Int32, merged: Int32)]) -> [Int32] {
        var ids = piece.map { Int32($0) }
        while true {
            var best: (rank: Int, index: Int)?
            for index in ids.indices.dropLast() {
                let rank = merges.firstIndex { $0.left == ids[index] && $0.right == ids[index + 1] }
                if let rank, rank < best?.rank ?? .max { best = (rank, index) }
            }
            guard let best else { return ids }
            ids.replaceSubrange(best.index...best.index + 1, with: [merges[best.rank].merged])
        }
    }

    @Test("Pieces of any length are merged as the definition says")
    func merging() {
        var random = Seeded(7)
        for _ in 0..<200 {
            let letters = UInt8.random(in: 2...4, using: &random)
            var merges: [(left: Int32, right: Int32, merged: Int32)] = []
            for id in 0..<Int32.random(in: 1...30, using: &random) {
                let known = Array(97..<97 + Int32(letters)) + (0..<id).map { 256 + $0 }
                let left = known.randomElement(using: &random) ?? 97
                let right = known.randomElement(using: &random) ?? 97
                if merges.contains(where: { $0.left == left && $0.right == right }) { continue }
                merges.append((left, right, 256 + id))
            }
            let slots = MergeTable.build(merges)
            let bytes = (0..<256).map { Int32($0) }
            slots.withUnsafeBufferPointer { slots in
                bytes.withUnsafeBufferPointer { bytes in
                    let table = MergeTable(words: slots, vocabulary: 300)
                    for _ in 0..<20 {
                        let piece = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                            UInt8.random(in: 97..<97 + letters, using: &random)
                        }
                        #expect(BytePair.merged(piece, bytes: bytes, merges: table) == merged(piece, merges))
                    }
                }
            }
        }
    }

    @Test("A piece of 64 KiB is merged at once")
    func longPiece() {
        // Two letters become one token, two of these the next one, and so on.
        let halves: [Int32] = [97] + Array(256..<271)
        let merges = zip(halves, Int32(256)...).map { (left: $0, right: $0, merged: $1) }
        let (slots, bytes) = (MergeTable.build(merges), (0..<256).map { Int32($0) })
        slots.withUnsafeBufferPointer { slots in
            bytes.withUnsafeBufferPointer { bytes in
                let table = MergeTable(words: slots, vocabulary: 300)
                let piece = [UInt8](repeating: 97, count: 1 << 16)
                #expect(BytePair.merged(piece, bytes: bytes, merges: table) == [271])
            }
        }
    }

    @Test("Damaged tables give ids of the vocabulary")
    func damage() {
        var random = Seeded(9)
        let bytes = (0..<256).map { Int32($0) }
        for _ in 0..<300 {
            let known: [(left: Int32, right: Int32, merged: Int32)] = [
                (104, 101, 256), (256, 108, 257), (32, 104, 258), (258, 101, 259),
            ]
            let words: [(bytes: [UInt8], id: Int32)] = [(Array("he".utf8), 256), (Array(" he".utf8), 259)]
            var (merges, pieces) = (MergeTable.build(known), Trie.build(words))
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let value = Int32.random(in: .min...(.max), using: &random)
                let small = Int32.random(in: -2...300, using: &random)
                merges[Int.random(in: merges.indices, using: &random)] = Bool.random(using: &random) ? value : small
                pieces[Int.random(in: pieces.indices, using: &random)] = Bool.random(using: &random) ? value : small
            }
            merges.withUnsafeBufferPointer { merges in
                pieces.withUnsafeBufferPointer { pieces in
                    bytes.withUnsafeBufferPointer { bytes in
                        let special = SpecialTokens(unknown: 3, start: 0, end: 2, literals: [])
                        let ids = BytePair(
                            pieces: Trie(words: pieces, vocabulary: 260),
                            merges: MergeTable(words: merges, vocabulary: 260), bytes: bytes, addsPrefixSpace: true,
                            special: special
                        ).encode("hello hhee hell, he", limit: 64).ids
                        #expect(ids.allSatisfy { (0..<260).contains($0) })
                    }
                }
            }
        }
    }
}
