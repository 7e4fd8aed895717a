/// The random number generator SplitMix64, which gives the same numbers for a seed on every machine.
///
/// - Source: Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195.
public struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    /// Creates a generator.
    public init(_ seed: UInt64) { state = seed }

    /// Returns the next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Returns a number in `-amplitude..<amplitude`.
    ///
    /// The number before scaling is a multiple of 2^-23, so it is exact in float32.
    public mutating func float(_ amplitude: Float = 1) -> Float {
        (Float(next() >> 40) * 0x1p-23 - 1) * amplitude
    }

    /// Returns `count` numbers of `float(_:)`.
    public mutating func floats(_ count: Int, _ amplitude: Float = 1) -> [Float] {
        (0..<count).map { _ in float(amplitude) }
    }
}
