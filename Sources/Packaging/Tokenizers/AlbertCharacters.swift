import Foundation
import Text

/// What the tokenizer of ALBERT does to each code point, as one table.
///
/// It decomposes code points with NFKD, removes marks, may turn letters into lower case, and then replaces characters with
/// the table of SentencePiece. No step looks at more than one code point, because no marks are left for the last one.
///
/// - Source: `AlbertConverter` of Hugging Face transformers; the normalizers of Hugging Face tokenizers.
enum AlbertCharacters {
    /// The code points that may change; private ones and the ideographs of the upper planes never do.
    private static let range: [ClosedRange<UInt32>] = [0x1...0x2FFFF, 0xE0000...0xE0FFF]

    /// Makes the table.
    ///
    /// - Parameters:
    ///   - table: The table of SentencePiece.
    ///   - lowercases: Whether letters become lower-case.
    /// - Returns: The bytes of a table with an entry for each code point that changes.
    static func table(_ table: [UInt8], lowercases: Bool) -> [UInt8] {
        let entries = table.withUnsafeBytes { table in
            let map = CharacterMap(table)
            return range.joined().compactMap(Unicode.Scalar.init).compactMap { scalar in
                let changed = changed(scalar, map, lowercases: lowercases)
                return changed.elementsEqual(String(scalar).utf8) ? nil : (from: scalar, to: changed)
            }
        }
        return CharacterTable.bytes(entries)
    }

    private static func changed(_ scalar: Unicode.Scalar, _ map: CharacterMap, lowercases: Bool) -> [UInt8] {
        var plain = String.UnicodeScalarView()
        for part in decomposed(scalar).unicodeScalars where !isMark(part) {
            plain.append(contentsOf: (lowercases ? part.properties.lowercaseMapping : String(part)).unicodeScalars)
        }
        return map.replaced(Array(String(plain).utf8))
    }

    /// The NFKD of a code point.
    private static func decomposed(_ scalar: Unicode.Scalar) -> String {
        let text = String(scalar)
        return scalar.isASCII || !isKnown(scalar) ? text : text.decomposedStringWithCompatibilityMapping
    }

    /// Whether a code point is in the tables of Hugging Face, which are those of Unicode 9.
    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.age.map { $0.major <= 9 } ?? false
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: isKnown(scalar) && scalar.value != 0x111C9
        default: (0x1CF2...0x1CF3).contains(scalar.value)  // Marks until Unicode 12.
        }
    }
}
