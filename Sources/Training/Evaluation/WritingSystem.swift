/// The script in which a text is written.
public enum WritingSystem: String, CaseIterable, Codable, Sendable {
    case latin = "Latin"
    case greek = "Greek"
    case cyrillic = "Cyrillic"
    case hebrew = "Hebrew"
    case arabic = "Arabic"
    case devanagari = "Devanagari"
    case thai = "Thai"
    case chinese = "Chinese"
    case japanese = "Japanese"
    case korean = "Korean"
    case other = "another script"
    case none = "no letters"

    /// The code points of a script's letters.
    ///
    /// - Source: The blocks of the Unicode Standard, version 16, Blocks.txt.
    private static let blocks: [(range: ClosedRange<UInt32>, system: WritingSystem)] = [
        (0x41...0x24F, .latin), (0x370...0x3FF, .greek), (0x400...0x52F, .cyrillic), (0x590...0x5FF, .hebrew),
        (0x600...0x6FF, .arabic), (0x750...0x77F, .arabic), (0x8A0...0x8FF, .arabic), (0x900...0x97F, .devanagari),
        (0xE00...0xE7F, .thai), (0x1100...0x11FF, .korean), (0x1E00...0x1EFF, .latin), (0x1F00...0x1FFF, .greek),
        (0x3040...0x30FF, .japanese), (0x3130...0x318F, .korean), (0x31F0...0x31FF, .japanese),
        (0x3400...0x4DBF, .chinese), (0x4E00...0x9FFF, .chinese), (0xAC00...0xD7AF, .korean),
        (0xF900...0xFAFF, .chinese), (0xFB1D...0xFB4F, .hebrew), (0xFB50...0xFDFF, .arabic), (0xFE70...0xFEFF, .arabic),
        (0xFF21...0xFF5A, .latin), (0xFF66...0xFF9F, .japanese), (0x20000...0x323AF, .chinese),
    ]

    /// Finds the script of most letters of a text.
    ///
    /// A text with kana is Japanese, although it may have more Chinese characters.
    public init(of text: String) {
        var counts: [WritingSystem: Int] = [:]
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            let system = Self.blocks.first { $0.range.contains(scalar.value) }?.system ?? .other
            counts[system, default: 0] += 1
        }
        if let kana = counts[.japanese], kana > 0 {
            counts[.japanese] = kana + (counts.removeValue(forKey: .chinese) ?? 0)
        }
        // The first of several equally frequent scripts wins.
        let most = counts.values.max() ?? 0
        self = Self.allCases.first { most > 0 && counts[$0] == most } ?? .none
    }
}
