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
            index = part.end
            while index < text.count, case (let value, let length) = text.codePoint(at: index),
                Self.isVariation(value) || Self.isTone(value)
            {
                if Self.isTone(value) { tone = tone ?? value }
                index += length
            }
            end = index
            guard index < text.count, text.codePoint(at: index).value == 0x200D else { break }
            index += Self.joiner.count
            guard index < text.count else { break }
        }
        guard !parts.isEmpty else { return nil }
        self.end = end
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
        let (value, length) = text.codePoint(at: index)
        let end = index + length
        if value < 0x80 {
            let mark = end < text.count && isVariation(text.codePoint(at: end).value) ? end + 3 : end
            guard mark < text.count, text.codePoint(at: mark).value == 0x20E3 else { return nil }
            return ([text[index]], Array("keycap ".utf8) + [text[index]], mark + 3)
        }
        if let letter = regionalLetter(value) {
            guard end < text.count, let second = regionalLetter(text.codePoint(at: end).value) else { return nil }
            let key = Array(text[index..<end + 4])
            let name = EmojiTable.table.value(of: key).map { Array($0) }
            return (key, name ?? Array("flag ".utf8) + [letter, second], end + 4)
        }
        let key = Array(text[index..<end])
        guard let name = EmojiTable.table.value(of: key) else { return nil }
        return (key, Array(name), end)
    }

    /// The small letter for which a regional indicator stands, or nil.
    private static func regionalLetter(_ value: UInt32) -> UInt8? {
        value >= 0x1F1E6 && value <= 0x1F1FF ? UInt8(value - 0x1F1E6) + 0x61 : nil
    }

    private static func isVariation(_ value: UInt32) -> Bool { value == 0xFE0F || value == 0xFE0E }

    private static func isTone(_ value: UInt32) -> Bool { value >= 0x1F3FB && value <= 0x1F3FF }
}
