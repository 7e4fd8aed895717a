/// The classes of characters of Python's `re`, from tables that do not change with the compiler.
///
/// A model that was trained with one version of the program therefore sees the same words in every other.
extension UInt32 {
    /// Whether `\w` matches this code point: a letter, a number or an underscore, but not a mark.
    @inline(__always)
    var isWordCharacter: Bool {
        guard self < 0x80 else { return WordCharacterTables.wordCharacters.containsRange(of: self) }
        let digits: UInt64 = 0x03FF_0000_0000_0000
        let letters: UInt64 = 0x07FF_FFFE_87FF_FFFE
        return (self < 64 ? digits : letters) &>> UInt64(self & 63) & 1 != 0
    }

    /// Whether `\s` matches this code point: white space.
    @inline(__always)
    var isSpace: Bool {
        guard self < 0x80 else { return self <= 0x3000 && WordCharacterTables.spaces.containsRange(of: self) }
        return self == 0x20 || self >= 0x09 && self <= 0x0D || self >= 0x1C && self <= 0x1F
    }

    /// Whether this code point is an apostrophe, straight or curly.
    var isApostrophe: Bool { self == 0x27 || self == 0x2019 || self == 0x02BC || self == 0xFF07 }
}
