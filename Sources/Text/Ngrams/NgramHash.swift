/// A hash of 64 bits that stands for an n-gram.
///
/// It is part of the model file, so it never changes. Two of a million different n-grams have the same hash with a
/// probability of about 3 in 10^8.
public enum NgramHash {
    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The number of bytes after an n-gram that may be read, too.
    static let padding = 8

    /// The hash of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: Memory that has ``padding`` more bytes after the last one, whatever they are.
    ///   - range: The positions of the bytes.
    ///   - seed: A number that distinguishes kinds of n-grams.
    /// - Returns: The hash.
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, seed: UInt64) -> UInt64 {
        var state = seed ^ (UInt64(truncatingIfNeeded: range.count) &* factor)
        var offset = range.lowerBound
        while offset < range.upperBound {
            var word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let left = range.upperBound &- offset
            if left < 8 { word &= (1 &<< UInt64(truncatingIfNeeded: 8 &* left)) &- 1 }
            state = mixed(state ^ word)
            offset &+= 8
        }
        return mixed(state)
    }

    /// The first bits of a hash, which choose one of 2^`bits` features.
    ///
    /// - Parameters:
    ///   - bits: The number of bits, from 1 to 63.
    ///   - hash: The hash.
    /// - Returns: A number from 0.
    @inline(__always)
    public static func first(_ bits: Int, of hash: UInt64) -> UInt64 { hash &>> UInt64(truncatingIfNeeded: 64 &- bits) }

    /// The hash of an n-gram that is one word longer.
    ///
    /// - Parameters:
    ///   - word: The hash of the next word.
    ///   - ngram: The hash of the n-gram, or of its first word.
    /// - Returns: The hash.
    @inline(__always)
    public static func appending(_ word: UInt64, to ngram: UInt64) -> UInt64 {
        mixed(ngram &* factor ^ word)
    }

    /// Spreads the bits of a number over all bits.
    ///
    /// - Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", the variant of Stafford.
    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value &>> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value &>> 31)
    }
}
