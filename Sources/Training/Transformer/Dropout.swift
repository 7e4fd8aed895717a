import CTraining

/// Which values are dropped at each place of the model, by seed, step and text alone.
struct Dropout {
    /// The place where values are dropped.
    enum Site {
        case embeddings
        case attention(layer: Int)
        case attentionOutput(layer: Int)
        case output(layer: Int)
        case head

        var number: UInt32 {
            switch self {
            case .embeddings: 0
            case .head: 1
            case .attention(let layer): UInt32(4 * layer + 4)
            case .attentionOutput(let layer): UInt32(4 * layer + 5)
            case .output(let layer): UInt32(4 * layer + 6)
            }
        }
    }

    let seed: UInt64
    let step: Int
    let shape: EncoderShape

    /// The generator for a text at a place, or nil if nothing is dropped there.
    func generator(_ site: Site, text: UInt32) -> training_dropout? {
        let probability =
            switch site {
            case .attention: shape.dropout.attention
            case .head: shape.dropout.head
            case .attentionOutput: shape.architecture == .bert ? shape.dropout.hidden : 0
            case .embeddings, .output: shape.dropout.hidden
            }
        guard probability > 0 else { return nil }
        return training_dropout(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)), text: text,
            site: site.number, step: UInt32(step), threshold: UInt32(probability * 0x1p32),
            scale: Float(1 / (1 - probability)))
    }
}
