import Files
import Foundation
import ModelFile
import Packaging

/// Rows of numbers that a model has computed from texts, kept in files so that they are computed only once.
struct StoredRows {
    /// The folder of the files, or nil to keep nothing.
    var folder: String?

    private static let key = "pinson.rows"

    /// Reads rows, or computes and keeps them.
    ///
    /// A file that cannot be read or that belongs to other texts is written again.
    ///
    /// - Parameters:
    ///   - name: What the rows are, which is part of the name of the file.
    ///   - texts: The texts.
    ///   - model: The model that computes them.
    ///   - width: The number of numbers in a row.
    ///   - compute: Computes the rows, (texts, width).
    /// - Returns: The rows, (texts, width).
    /// - Throws: `FileError` if the folder or the file cannot be written, and any error of `compute`.
    func rows(
        _ name: String, of texts: [String], by model: ModelFile, width: Int, _ compute: () throws -> [Float]
    ) throws -> [Float] {
        guard let folder else { return try compute() }
        let digest = Self.digest(name, texts, model)
        let path = "\(folder)/\(name)-\(digest.prefix(16)).safetensors"
        if FileManager.default.fileExists(atPath: path), let file = try? Safetensors(path: path),
            file.metadata[Self.key] == digest, let rows = try? file.floats(name, shape: [texts.count, width])
        {
            say("reading \(path), which holds what \(model.path) has computed before")
            return rows
        }
        let rows = try compute()
        try createFolder(folder)
        try Safetensors.write(
            to: path, metadata: [(Self.key, digest)],
            tensors: [.init(name, shape: [texts.count, width], rows[...])])
        return rows
    }

    /// Deletes the files of some rows, once nobody needs them.
    func remove(_ name: String) {
        guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for file in names where file.hasPrefix("\(name)-") && file.hasSuffix(".safetensors") {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(file)")
        }
    }

    private static func digest(_ name: String, _ texts: [String], _ model: ModelFile) -> String {
        let source = ModelDescription(model.metadata).headerDigest ?? model.path
        var bytes = Array("\(name) \(source) \(texts.count)\n".utf8)
        for text in texts { bytes += Array("\(text.utf8.count) ".utf8) + Array(text.utf8) }
        return bytes.withUnsafeBytes(sha256)
    }
}
