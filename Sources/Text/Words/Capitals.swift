extension UInt32 {
    /// Whether this code point is a letter, or a number beyond ASCII.
    var isLetter: Bool { isWordCharacter && self != 0x5F && !(self >= 0x30 && self <= 0x39) }

    /// Whether this code point has a lower case that differs from it.
    var isCapital: Bool {
        guard self >= 0x80 else { return self &- 0x41 < 26 }
        return !NormalizerTables.lowercased.forEachImage(of: self) { $0 == self }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a word has at least two letters, and all of them are capitals.
    func isInCapitals(_ word: Range<Int>) -> Bool {
        var letters = 0
        var index = word.lowerBound
        while index < word.upperBound {
            let (value, length) = codePoint(at: index)
            index += length
            guard value.isLetter else { continue }
            guard value.isCapital else { return false }
            letters += 1
        }
        return letters >= 2
    }
}
