/// An emoji: one character, a flag, a key, or several characters that are joined.
///
/// - Source: Unicode Technical Standard 51, section 1.4.
struct EmojiSequence {
    /// The end of the emoji in the text.
    let end: Int
    /// The keys of the joined parts, as `EmojiTable` has them, and the name of each.
    private var parts: [(key: [UInt8], name: [UInt8])] = []
    /// The first skin tone, or nil.
    private var tone: UInt32?

    /// The largest number of joined parts; the longest emoji have four.
    private static let mostParts = 8
    private static let joiner: [UInt8] = Array("\u{200D}".utf8)
    private static let tones = ["light", "medium-light", "medium", "medium-dark", "dark"]

    /// Reads the emoji that begins at `start`, or returns nil if none with a name begins there.
    init?(in text: UTF8Bytes, from start: Int) {
        var index = start
        var end = start
        while parts.count < Self.mostParts, let part = Self.part(in: text, at: index) {
            parts.append((part.key, part.name))
            index = Self.endOfModifiers(in: text, from: part.end, &tone)
            end = index
            guard index < text.count, text.codePoint(at: index).value == 0x200D else { break }
            index += Self.joiner.count
            guard index < text.count else { break }
        }
        guard !parts.isEmpty else { return nil }
        self.end = end
    }

    /// Whether an emoji can begin at `index`; this spares most bytes the search in the table.
    @inline(__always)
    static func canBegin(in text: UTF8Bytes, at index: Int) -> Bool {
        switch text[index] {
        case 0xC2, 0xE2, 0xE3, 0xF0: true
        case 0x23, 0x2A, 0x30...0x39: index + 1 < text.count && text[index + 1] >= 0xE2
        default: false
        }
    }

    /// Returns the end of the emoji that begins at `start` and is shown as a picture, or nil; allocates nothing.
    ///
    /// Arrows, `©` and the like are pictures only if U+FE0F asks for it.
    static func endOfShown(in text: UTF8Bytes, from start: Int) -> Int? {
        guard canBegin(in: text, at: start), var index = endOfPart(in: text, at: start) else { return nil }
        let value = text.codePoint(at: start).value
        if value >= 0x80, value < 0x231A {
            guard index < text.count, text.codePoint(at: index).value == 0xFE0F else { return nil }
        }
        var tone: UInt32?
        for _ in 1..<mostParts {
            index = endOfModifiers(in: text, from: index, &tone)
            let next = index + joiner.count
            guard next < text.count, text.codePoint(at: index).value == 0x200D, let end = endOfPart(in: text, at: next)
            else { break }
            index = end
        }
        return endOfModifiers(in: text, from: index, &tone)
    }

    /// Returns the name, with the skin tone if it is wanted.
    func name(withTone: Bool) -> [UInt8] {
        guard withTone, let tone else { return name }
        return name + Array(" \(Self.tones[Int(tone - 0x1F3FB)]) skin tone".utf8)
    }

    private var name: [UInt8] {
        guard parts.count > 1 else { return parts[0].name }
        let whole = parts.dropFirst().reduce(parts[0].key) { $0 + Self.joiner + $1.key }
        if let name = EmojiTable.table.value(of: whole) { return Array(name) }
        if parts.count == 2, let role = EmojiTable.table.value(of: Self.joiner + parts[1].key) {
            let isGender = parts[1].key == Array("♀".utf8) || parts[1].key == Array("♂".utf8)
            guard isGender else { return parts[0].name + [0x20] + role }
            let person = Array("person ".utf8)
            let base = parts[0].name.starts(with: person) ? parts[0].name.dropFirst(person.count) : parts[0].name[...]
            return role + [0x20] + base
        }
        return Array(parts.map(\.name).joined(separator: [0x20]))
    }

    /// Reads a character, a flag or a key.
    private static func part(in text: UTF8Bytes, at index: Int) -> (key: [UInt8], name: [UInt8], end: Int)? {
        guard let end = endOfPart(in: text, at: index) else { return nil }
        if text[index] < 0x80 { return ([text[index]], Array("keycap ".utf8) + [text[index]], end) }
        let key = Array(text[index..<end])
        if let name = EmojiTable.table.value(of: key) { return (key, Array(name), end) }
        let letters = [index, index + 4].compactMap { regionalLetter(text.codePoint(at: $0).value) }
        return (key, Array("flag ".utf8) + letters, end)
    }

    /// Returns the end of the character, the flag or the key at `index`, or nil if there is none.
    private static func endOfPart(in text: UTF8Bytes, at index: Int) -> Int? {
        let (value, length) = text.codePoint(at: index)
        let end = index + length
        if value < 0x80 {
            let mark = end < text.count && isVariation(text.codePoint(at: end).value) ? end + 3 : end
            return mark < text.count && text.codePoint(at: mark).value == 0x20E3 ? mark + 3 : nil
        }
        if regionalLetter(value) != nil {
            return end < text.count && regionalLetter(text.codePoint(at: end).value) != nil ? end + 4 : nil
        }
        return EmojiTable.table.contains(text[index..<end]) ? end : nil
    }

    /// Returns the end of the variation selectors and skin tones from `index` on, and keeps the first tone.
    private static func endOfModifiers(in text: UTF8Bytes, from index: Int, _ tone: inout UInt32?) -> Int {
        var index = index
        while index < text.count, case (let value, let length) = text.codePoint(at: index),
            isVariation(value) || isTone(value)
        {
            if isTone(value) { tone = tone ?? value }
            index += length
        }
        return index
    }

    /// The small letter for which a regional indicator stands, or nil.
    private static func regionalLetter(_ value: UInt32) -> UInt8? {
        value >= 0x1F1E6 && value <= 0x1F1FF ? UInt8(value - 0x1F1E6) + 0x61 : nil
    }

    private static func isVariation(_ value: UInt32) -> Bool { value == 0xFE0F || value == 0xFE0E }

    private static func isTone(_ value: UInt32) -> Bool { value >= 0x1F3FB && value <= 0x1F3FF }
}
