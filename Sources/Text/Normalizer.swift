/// Cleans text and splits it into words, exactly as the BERT normalizer and pre-tokenizer of Hugging Face do.
///
/// Their tables are frozen at an old version of Unicode, so the standard library's properties would not do:
/// everything comes from `NormalizerTables`.
public struct Normalizer: Sendable, Equatable {
    /// Drops control characters and makes every white space a space.
    public var cleansText: Bool
    /// Makes every Chinese character a word of its own.
    public var splitsIdeographs: Bool
    /// Decomposes and drops nonspacing marks.
    public var stripsAccents: Bool
    public var lowercases: Bool

    public init(
        cleansText: Bool = true, splitsIdeographs: Bool = true, stripsAccents: Bool = true, lowercases: Bool = true
    ) {
        self.cleansText = cleansText
        self.splitsIdeographs = splitsIdeographs
        self.stripsAccents = stripsAccents
        self.lowercases = lowercases
    }

    /// Calls `body` with the UTF-8 of each word of `text` and its number of code points, until it returns false.
    ///
    /// - Complexity: O(length of `text`), with one binary search in each table per code point beyond ASCII.
    func forEachWord(
        in text: some Sequence<Unicode.Scalar>, _ body: (UnsafeBufferPointer<UInt8>, _ codePoints: Int) -> Bool
    ) {
        var word = Word()
        for scalar in text {
            guard let value = cleaned(scalar.value) else { continue }
            let isIdeograph = splitsIdeographs && value >= 0x80 && NormalizerTables.ideographs.containsRange(of: value)
            if isIdeograph && !word.flush(body) { return }
            let goesOn = folded(value) { value in
                if value.isSeparator { return word.flush(body) }
                if value.isPunctuation {
                    guard word.flush(body) else { return false }
                    word.append(value)
                    return word.flush(body)
                }
                word.append(value)
                return true
            }
            guard goesOn, !isIdeograph || word.flush(body) else { return }
        }
        _ = word.flush(body)
    }

    /// `value` after cleaning; nil if it is dropped.
    private func cleaned(_ value: UInt32) -> UInt32? {
        guard cleansText, value < 0x20 || value >= 0x7F else { return value }
        if NormalizerTables.removed.containsRange(of: value) { return nil }
        return NormalizerTables.spaces.containsRange(of: value) ? 0x20 : value
    }

    /// Strips accents and lowercases `value`, handing on each code point that comes of it.
    private func folded(_ value: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        guard stripsAccents, value >= 0x80 else { return lowercased(value, next) }
        if NormalizerTables.marks.containsRange(of: value) { return true }
        if value >= Hangul.first && value <= Hangul.last { return Hangul.forEachJamo(of: value, next) }
        return NormalizerTables.decomposed.forEachImage(of: value) { lowercased($0, next) }
    }

    private func lowercased(_ value: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        guard lowercases else { return next(value) }
        guard value >= 0x80 else { return next(value >= 0x41 && value <= 0x5A ? value + 0x20 : value) }
        return NormalizerTables.lowercased.forEachImage(of: value, next)
    }
}

/// Hangul syllables decompose by arithmetic.
///
/// - Source: The Unicode Standard, section 3.12, Conjoining Jamo Behavior.
private enum Hangul {
    static let first: UInt32 = 0xAC00
    static let last: UInt32 = 0xD7A3

    static func forEachJamo(of syllable: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        let index = syllable - first
        let trailing = index % 28
        return next(0x1100 + index / 588) && next(0x1161 + index % 588 / 28)
            && (trailing == 0 || next(0x11A7 + trailing))
    }
}

/// The word being gathered.
private struct Word {
    private var bytes: [UInt8] = []
    private var codePoints = 0

    mutating func append(_ value: UInt32) {
        codePoints += 1
        if value < 0x80 {
            bytes.append(UInt8(value))
        } else if value < 0x800 {
            bytes.append(UInt8(0xC0 | value >> 6))
            bytes.append(UInt8(0x80 | value & 0x3F))
        } else if value < 0x10000 {
            bytes.append(UInt8(0xE0 | value >> 12))
            bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | value & 0x3F))
        } else {
            bytes.append(UInt8(0xF0 | value >> 18))
            bytes.append(UInt8(0x80 | value >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | value & 0x3F))
        }
    }

    /// Hands the word on, if there is one, and starts the next.
    mutating func flush(_ body: (UnsafeBufferPointer<UInt8>, Int) -> Bool) -> Bool {
        guard codePoints > 0 else { return true }
        let goesOn = bytes.withUnsafeBufferPointer { body($0, codePoints) }
        bytes.removeAll(keepingCapacity: true)
        codePoints = 0
        return goesOn
    }
}

extension UInt32 {
    fileprivate var isSeparator: Bool {
        self < 0x80 ? self == 0x20 || self >= 0x9 && self <= 0xD : NormalizerTables.separators.containsRange(of: self)
    }

    fileprivate var isPunctuation: Bool {
        guard self < 0x80 else { return NormalizerTables.punctuation.containsRange(of: self) }
        return self >= 0x21 && self <= 0x2F || self >= 0x3A && self <= 0x40 || self >= 0x5B && self <= 0x60
            || self >= 0x7B && self <= 0x7E
    }
}

extension [UInt32] {
    /// Whether this table of ranges (first, last) has one that contains `value`.
    fileprivate func containsRange(of value: UInt32) -> Bool {
        let index = lastEntry(atMost: value, width: 2)
        return index >= 0 && value <= self[index + 1]
    }

    /// Calls `next` with what this map (from, to, or 0, or 0) makes of `value`, which is itself if it is not in it.
    fileprivate func forEachImage(of value: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        let index = lastEntry(atMost: value, width: 4)
        guard index >= 0, self[index] == value else { return next(value) }
        for image in self[index + 1...index + 3] where image != 0 {
            guard next(image) else { return false }
        }
        return true
    }

    /// The index of the last entry whose first number is at most `value`, or negative.
    private func lastEntry(atMost value: UInt32, width: Int) -> Int {
        var low = 0
        var high = count / width
        while low < high {
            let middle = (low + high) / 2
            if self[middle * width] <= value { low = middle + 1 } else { high = middle }
        }
        return (low - 1) * width
    }
}
