import Fixtures
import Foundation
import ModelFile
import Packaging

@testable import Inference

/// The seeded checkpoint as a model file.
enum TinyModel {
    static func pack(
        _ architecture: TinyCheckpoint.Architecture = .bert, _ precision: Precision = .int8, maxTokens: Int = 64,
        isWide: Bool = false
    ) throws -> ModelFile {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(
                architecture, in: folder.appendingPathComponent("tiny"), isWide: isWide)
            let output = folder.appendingPathComponent("model.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: maxTokens, precision: precision))
            return try ModelFile(path: output)  // It stays mapped after the folder is gone.
        }
    }

    /// Seeded texts, some of them longer than `maxTokens`.
    static func texts(_ count: Int, seed: UInt64 = 1) -> [String] {
        var random = Seeded(seed)
        let words = ["flight", "love", "late", "delayed", "crew", "great", "worst", "not", "a", "zq", "!", "😀", "é"]
        return (0..<count).map { _ in
            (0..<Int.random(in: 0...30, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: " ")
        }
    }
}
