/// The decomposition of Hangul syllables into their letters (jamo), which follows from arithmetic and needs no table.
///
/// - Source: The Unicode Standard, section 3.12, Conjoining Jamo Behavior.
enum Hangul {
    /// The first syllable, U+AC00.
    static let first: UInt32 = 0xAC00
    /// The last syllable, U+D7A3.
    static let last: UInt32 = 0xD7A3

    /// Calls `next` with the leading consonant, the vowel and, if there is one, the trailing consonant of `syllable`.
    ///
    /// It stops and returns false when `next` returns false.
    static func forEachJamo(of syllable: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        let index = syllable - first
        let trailing = index % 28
        return next(0x1100 + index / 588) && next(0x1161 + index % 588 / 28)
            && (trailing == 0 || next(0x11A7 + trailing))
    }
}
