/// The name of one report: 128 bits, written as 32 hexadecimal digits.
public struct FeedbackID: Hashable, Sendable, Comparable {
    /// The first 64 bits.
    private let high: UInt64
    /// The last 64 bits.
    private let low: UInt64

    /// Makes a new name, which begins with the time, so that names are in the order of their times.
    ///
    /// - Parameter time: The time.
    public init(time: FeedbackTime) {
        high = UInt64(max(0, time.milliseconds)) << 16 | UInt64.random(in: 0..<1 << 16)
        low = .random(in: 0...UInt64.max)
    }

    /// The name that consists of the first 16 of these bytes.
    ///
    /// The same bytes give the same name on every instance.
    ///
    /// - Parameter digest: At least 16 bytes, such as a digest.
    public init(digest: [UInt8]) {
        func word(_ range: Range<Int>) -> UInt64 { digest[range].reduce(0) { $0 << 8 | UInt64($1) } }
        (high, low) = (word(0..<8), word(8..<16))
    }

    /// Reads a name, or returns nil if the text is not 32 hexadecimal digits.
    ///
    /// - Parameter text: The digits.
    public init?(_ text: some StringProtocol) {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue.map(UInt64.init) }
        guard digits.count == 32, digits.allSatisfy({ $0 != nil }) else { return nil }
        func word(_ range: Range<Int>) -> UInt64 { digits[range].reduce(0) { $0 << 4 | ($1 ?? 0) } }
        (high, low) = (word(0..<16), word(16..<32))
    }

    /// Whether one name comes before the other.
    ///
    /// - Parameters:
    ///   - a: One name.
    ///   - b: The other name.
    /// - Returns: Whether the digits of the first one come first.
    public static func < (a: FeedbackID, b: FeedbackID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension FeedbackID: CustomStringConvertible {
    /// The 32 digits.
    public var description: String { hexadecimal(high) + hexadecimal(low) }
}

/// The 16 hexadecimal digits of a number.
func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
