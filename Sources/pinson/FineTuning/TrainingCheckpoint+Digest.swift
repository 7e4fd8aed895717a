import Packaging
import Training

extension TrainingCheckpoint {
    /// A digest of everything that decides about a model that is trained by gradients.
    ///
    /// - Parameters:
    ///   - settings: The sizes and settings as text, with the name of the kernels.
    ///   - parameters: The parameters at the start.
    ///   - texts: The tokens of the texts to learn from, and of those to measure on.
    ///   - truth: The classes of the texts to measure on.
    ///   - targets: What the model should answer.
    /// - Returns: 64 hexadecimal digits.
    static func digest(
        _ settings: String, _ parameters: [Float], _ texts: [[[Int32]]], _ truth: [Int], _ targets: SoftTargets
    ) -> String {
        var text = settings + "\n" + parameters.withUnsafeBytes(sha256)
        for ids in texts { text += "\n" + Array(ids.joined(separator: [-1])).withUnsafeBytes(sha256) }
        text += "\n\(truth) \(targets.digestText)"
        return Array(text.utf8).withUnsafeBytes(sha256)
    }
}
