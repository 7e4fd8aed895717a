/// The characters that stand for bytes in the tokens of byte-level byte-pair encoding.
///
/// The 188 visible bytes of Latin-1 stand for themselves, and U+0100 and the following for the others in order.
///
/// - Source: `bytes_to_unicode` in `encoder.py` of GPT-2.
enum ByteAlphabet {
    /// The character of each byte.
    static let characters: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt8.min...UInt8.max).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? "?"
            }
        }
    }()

    private static let byCharacter = Dictionary(
        uniqueKeysWithValues: characters.enumerated().map { ($1, UInt8($0)) })

    /// The bytes of a token, or nil if it has a character that stands for no byte.
    static func bytes(of token: String) -> [UInt8]? {
        let bytes = token.unicodeScalars.compactMap { byCharacter[$0] }
        return bytes.count == token.unicodeScalars.count ? bytes : nil
    }
}
