import ContainerImage
import Foundation
import ModelFile

/// The facts about a model file that matter to those who ship it.
struct ShippedModel {
    let name: String
    /// The digest of the header, which holds the digests of all tensors.
    let digest: Digest
    let version: String?
    /// A text for people: what the model is, where it comes from, and its licence.
    let comment: String?
    /// The size of the file, in bytes.
    let bytes: Int
    /// The bytes that int8 weights would save, and the largest tensor among those that would shrink.
    let saving: (bytes: Int, tensor: String)?

    /// Reads the header of a model file.
    ///
    /// - Throws: `ModelFileError` if the file is not a model file, or if the function cannot serve it because it has no
    ///   labels or no digest.
    init(path: String) throws {
        let file = try ModelFile(path: path)
        guard try !ModelCard(file).labels.isEmpty else { throw ModelFileError.noLabels(path: path) }
        let description = ModelDescription(file.metadata)
        name = description.name ?? "model"
        guard let header = description.headerDigest, let digest = Digest("sha256:\(header)") else {
            throw ModelFileError.invalid(path: path, reason: "it has no digest of its header")
        }
        self.digest = digest
        bytes = file.withBytes(\.count)
        version = description.version
        let notes = [description.text, description.source, description.license].compactMap { $0 }
        comment = notes.isEmpty ? nil : notes.joined(separator: " ")
        saving = Self.saving(file)
    }

    /// Whether the file at `path` is meant to be a model, by its name or its first bytes.
    ///
    /// A pipe or a device is neither a model nor an image. It counts as a model, whose reader refuses it without waiting.
    static func isModel(_ path: String) -> Bool {
        if path.hasSuffix(".gguf") { return true }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return false }
        guard status.st_mode & S_IFMT == S_IFREG else { return true }
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        return (try? file.read(upToCount: 4)) == Data("GGUF".utf8)
    }

    /// Compares the tensors with those that `pack` writes by default.
    private static func saving(_ file: ModelFile) -> (bytes: Int, tensor: String)? {
        guard let card = try? ModelCard(file), var schema = try? TransformerSchema(file, card),
            schema.precision == .float32
        else { return nil }
        let now = schema.tensors
        schema.precision = .int8
        let then = schema.tensors
        let bytes = now.reduce(0) { $0 + $1.byteCount } - then.reduce(0) { $0 + $1.byteCount }
        let sizes = Dictionary(then.map { ($0.name, $0.byteCount) }) { $1 }
        let shrinking = now.filter { $0.byteCount > sizes[$0.name] ?? 0 }
        return shrinking.max { $0.byteCount < $1.byteCount }.map { (bytes, $0.name) }
    }
}
