/// Divides labelled texts into two parts.
public struct Split: Sendable, Equatable {
    /// The indices of the texts to learn from, in ascending order.
    public var training: [Int]
    /// The indices of the texts to measure on, in ascending order.
    public var heldOut: [Int]

    /// Divides texts so that each class has about the same share of both parts.
    ///
    /// Equal texts are in the same part, so no text is both learned and measured. Of a class with at least four texts,
    /// at least two are measured.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text, from 0.
    ///   - share: The share of the texts to measure on, from 0 to 1.
    ///   - seed: The same seed divides the same texts in the same way.
    public init(_ texts: [String], _ labels: [Int], share: Double, seed: UInt64) {
        var order: [(key: UInt64, index: Int)] = []
        order.reserveCapacity(texts.count)
        for (index, text) in texts.enumerated() { order.append((Self.hash(text, seed), index)) }
        order.sort { ($0.key, $0.index) < ($1.key, $1.index) }
        var wanted = labels.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }.mapValues {
            max(Int((Double($0) * share).rounded()), min(2, $0 / 2))
        }
        (training, heldOut) = ([], [])
        var last: (key: UInt64, isHeldOut: Bool)?
        for (key, index) in order {
            let isRepeated = last?.key == key
            let isHeldOut = isRepeated ? last?.isHeldOut == true : wanted[labels[index], default: 0] > 0
            if isHeldOut {
                heldOut.append(index)
                wanted[labels[index], default: 0] -= 1
            } else {
                training.append(index)
            }
            last = (key, isHeldOut)
        }
        training.sort()
        heldOut.sort()
    }

    /// FNV-1a, whose bits are mixed at the end.
    static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        var hash = 0xCBF2_9CE4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash &>> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash &>> 31)
    }
}
