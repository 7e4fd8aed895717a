// The rows of each table are sorted by their first number, so a binary search finds a code point.

extension [UInt32] {
    /// Returns whether one of the ranges of this table, whose rows are (first, last), contains `value`.
    func containsRange(of value: UInt32) -> Bool {
        let index = lastRow(atMost: value, width: 2)
        return index >= 0 && value <= self[index + 1]
    }

    /// Calls `next` with each code point that this map gives for `value`; a value that is not in the map stays itself.
    ///
    /// The rows of the map are one code point and the one to three that replace it, with 0 in unused places. This stops
    /// and returns false when `next` returns false.
    func forEachImage(of value: UInt32, _ next: (UInt32) -> Bool) -> Bool {
        let index = lastRow(atMost: value, width: 4)
        guard index >= 0, self[index] == value else { return next(value) }
        for image in self[index + 1...index + 3] where image != 0 {
            guard next(image) else { return false }
        }
        return true
    }

    /// Returns the index of the last row whose first number is at most `value`, or a negative number.
    private func lastRow(atMost value: UInt32, width: Int) -> Int {
        var low = 0
        var high = count / width
        while low < high {
            let middle = (low + high) / 2
            if self[middle * width] <= value { low = middle + 1 } else { high = middle }
        }
        return (low - 1) * width
    }
}

/// Properties of a code point.
extension UInt32 {
    /// Whether this code point separates words.
    var isSeparator: Bool {
        self < 0x80 ? self == 0x20 || self >= 0x9 && self <= 0xD : NormalizerTables.separators.containsRange(of: self)
    }

    /// Whether this code point is a word of its own.
    var isPunctuation: Bool {
        guard self < 0x80 else { return NormalizerTables.punctuation.containsRange(of: self) }
        return self >= 0x21 && self <= 0x2F || self >= 0x3A && self <= 0x40 || self >= 0x5B && self <= 0x60
            || self >= 0x7B && self <= 0x7E
    }
}
