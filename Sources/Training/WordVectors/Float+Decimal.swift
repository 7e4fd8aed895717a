extension Float {
    /// Reads a finite decimal number, such as `-0.25` or `1.5e-05`, or returns nil.
    ///
    /// Text from a mapped file has no end that a function of C would find, and millions of numbers should not become
    /// strings first.
    ///
    /// - Parameter text: The characters of the number and no others.
    init?(decimal text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        let isNegative = text.first == 0x2D
        if isNegative || text.first == 0x2B { index += 1 }
        var (digits, exponent, count, isExact): (UInt64, Int, Int, Bool) = (0, 0, 0, true)
        var isFraction = false
        while index < text.count {
            let byte = text[index]
            if byte == 0x2E, !isFraction {
                isFraction = true
            } else if byte &- 0x30 < 10 {
                count += 1
                if digits < 900_000_000_000_000_000 {
                    digits = digits * 10 + UInt64(byte - 0x30)
                    if isFraction { exponent -= 1 }
                } else {
                    isExact = false
                    if !isFraction { exponent += 1 }
                }
            } else {
                break
            }
            index += 1
        }
        guard count > 0 else { return nil }
        if index < text.count {
            guard text[index] | 0x20 == 0x65 else { return nil }
            let power = String(decoding: text[(index + 1)...], as: UTF8.self)
            guard let power = Int(power), abs(power) < 1000 else { return nil }
            exponent += power
        }
        // A double holds the digits and the power of ten exactly, so only the result is rounded.
        if isExact, digits < 1 << 53, abs(exponent) < Self.powers.count {
            let power = Self.powers[abs(exponent)]
            let value = Float(exponent < 0 ? Double(digits) / power : Double(digits) * power)
            guard value.isFinite else { return nil }
            self = isNegative ? -value : value
        } else {
            guard let value = Float(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
            self = value
        }
    }

    /// The powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
