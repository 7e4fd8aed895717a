/// Replaces emoticons such as `:-)` by words for their feelings.
struct Emoticons: TextStep, Substitution {
    static let name = "emoticons"
    static let options = [StepOption("rule", .choice(["tweet", "prior-k"]))]

    /// Whether emoticons count wherever their characters stand, also inside words and links.
    private let isAnywhere: Bool

    init(_ options: StepOptions) { isAnywhere = options.text("rule") == "prior-k" }

    func nextChange(in text: UTF8Bytes, from start: Int, _ replacement: inout [UInt8]) -> Range<Int>? {
        var index = start
        while index < text.count {
            if !isAnywhere, let end = Link.end(in: text, from: index) {
                index = end
                continue
            }
            guard Self.canBegin(in: text, at: index),
                let (end, word) = isAnywhere
                    ? Self.listed(EmoticonTable.priorK, in: text, from: index) : Self.standing(in: text, from: index)
            else {
                index += 1
                continue
            }
            if isAnywhere || !text.isSpaceOrStart(before: index) { replacement.append(0x20) }
            replacement.append(contentsOf: word)
            if isAnywhere || !text.isSpaceOrEnd(at: end) { replacement.append(0x20) }
            return index..<end
        }
        return nil
    }

    /// Returns the end of the emoticon that begins at `index` and stands by itself or after a word, or nil.
    static func end(in text: UTF8Bytes, from index: Int) -> Int? {
        canBegin(in: text, at: index) ? standing(in: text, from: index)?.end : nil
    }

    /// Whether an emoticon can begin at `index`; this spares most bytes the search in the table.
    @inline(__always)
    private static func canBegin(in text: UTF8Bytes, at index: Int) -> Bool {
        switch text[index] {
        case 0x25, 0x28, 0x29, 0x2D, 0x30, 0x3A...0x3E, 0x5B...0x5E: true  // % ( ) - 0 : ; < = > [ \ ] ^
        case 0x44, 0x58, 0x78: true  // D X x
        case 0x4F, 0x51, 0x54, 0x64, 0x6E, 0x6F, 0x71, 0x74:  // O Q T d n o q t
            // The words of a text begin with these letters too.
            index + 1 < text.count && (text[index + 1] == 0x54 || !text[index + 1].isLetter)
        default: false
        }
    }

    /// Returns the longest emoticon of a table at `index`: its end and its word.
    private static func listed(
        _ table: WordTable, in text: UTF8Bytes, from index: Int
    ) -> (end: Int, word: Slice<UTF8Bytes>)? {
        for length in stride(from: min(EmoticonTable.longest, text.count - index), through: 2, by: -1) {
            if let word = table.value(of: text[index..<index + length]) { return (index + length, word) }
        }
        return nil
    }

    /// Returns the emoticon at `index` if the text around it allows one there.
    private static func standing(in text: UTF8Bytes, from index: Int) -> (end: Int, word: Slice<UTF8Bytes>)? {
        // Other first characters than eyes are also brackets and letters of ordinary text.
        let hasEyesFirst = text[index] >= 0x3A && text[index] <= 0x3D && !(index > 0 && text[index - 1].isDigit)
        guard hasEyesFirst || text.isSpaceOrStart(before: index),
            let found = listed(EmoticonTable.table, in: text, from: index)
        else {
            return nil
        }
        var end = found.end
        let last = text[end - 1]
        // `:)))` is one emoticon.
        while end < text.count && text[end] == last { end += 1 }
        let isSlash = last == 0x2F || last == 0x5C
        if isSlash && end - index > 1 && text[end - 1] == text[end - 2] { return nil }
        if last.isLetter || last.isDigit || isSlash, text.wordCharacter(at: end) > 0 { return nil }
        return (end, found.word)
    }
}
