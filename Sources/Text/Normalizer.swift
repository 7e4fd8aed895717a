/// Cleans text and splits it into words, with the same results as Hugging Face's `BertNormalizer` and `BertPreTokenizer`.
///
/// The character tables of that library are frozen at an old version of Unicode. The properties of the standard library
/// follow a newer one, so all properties come from `NormalizerTables` instead.
public struct Normalizer: Sendable, Equatable {
    /// Removes control characters and replaces every white-space character by a space.
    public var cleansText: Bool
    /// Makes every Chinese character a word of its own.
    public var splitsIdeographs: Bool
    /// Decomposes characters and removes their nonspacing marks.
    public var stripsAccents: Bool
    /// Maps every letter to lower case.
    public var lowercases: Bool

    /// Creates a normalizer; the defaults are those of an uncased BERT model.
    public init(
        cleansText: Bool = true, splitsIdeographs: Bool = true, stripsAccents: Bool = true, lowercases: Bool = true
    ) {
        self.cleansText = cleansText
        self.splitsIdeographs = splitsIdeographs
        self.stripsAccents = stripsAccents
        self.lowercases = lowercases
    }

    /// Calls `body` with each word of `text`, as UTF-8, and the number of its code points.
    ///
    /// The buffer is valid only during the call. Iteration stops when `body` returns false.
    ///
    /// - Complexity: O(length of `text`), with one binary search in each table for every code point beyond ASCII.
    func forEachWord(
        in text: some Sequence<Unicode.Scalar>, _ body: (UnsafeBufferPointer<UInt8>, _ codePoints: Int) -> Bool
    ) {
        var word = WordBuffer()
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

    /// Returns `value` after cleaning, or nil if cleaning removes it.
    private func cleaned(_ value: UInt32) -> UInt32? {
        guard cleansText, value < 0x20 || value >= 0x7F else { return value }
        if NormalizerTables.removed.containsRange(of: value) { return nil }
        return NormalizerTables.spaces.containsRange(of: value) ? 0x20 : value
    }

    /// Strips accents from `value`, maps it to lower case, and calls `next` with each resulting code point.
    ///
    /// It stops and returns false when `next` returns false.
    private func folded(_ value: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        guard stripsAccents, value >= 0x80 else { return lowercased(value, next) }
        if NormalizerTables.marks.containsRange(of: value) { return true }
        // The letters of Hangul have no case, so they need no mapping to lower case.
        if value >= Hangul.first && value <= Hangul.last { return Hangul.forEachJamo(of: value, next) }
        return NormalizerTables.decomposed.forEachImage(of: value) { lowercased($0, next) }
    }

    private func lowercased(_ value: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        guard lowercases else { return next(value) }
        guard value >= 0x80 else { return next(value >= 0x41 && value <= 0x5A ? value + 0x20 : value) }
        return NormalizerTables.lowercased.forEachImage(of: value, next)
    }
}
