/// Random numbers that are the same everywhere, also in make_goldens.py: SplitMix64.
///
/// - Source: Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195.
public struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    public init(_ seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// In -amplitude..<amplitude, exact in float32.
    public mutating func float(_ amplitude: Float = 1) -> Float {
        (Float(next() >> 40) * 0x1p-23 - 1) * amplitude
    }

    public mutating func floats(_ count: Int, _ amplitude: Float = 1) -> [Float] {
        (0..<count).map { _ in float(amplitude) }
    }
}
