import ContainerImage
import ModelFile

/// What a model file tells about itself to those who ship it.
struct ModelCard {
    let name: String
    /// Of the header, which holds the digests of all tensors.
    let digest: ContainerImage.Digest
    let version: String?
    /// For people: what it is, where it comes from, under what terms.
    let comment: String?
    let bytes: Int
    /// How many bytes packing it again with int8 weights would save, and where most of them.
    let saving: (bytes: Int, tensor: String)?

    init(path: String) throws {
        let file = try ModelFile(path: path)
        func text(_ key: String) -> String? {
            guard case .string(let value)? = file.metadata[key] else { return nil }
            return value
        }
        name = text("general.name") ?? "model"
        guard let header = text("pinson.header_sha256"), let digest = ContainerImage.Digest("sha256:\(header)") else {
            throw ModelFileError.invalid(path: path, reason: "it holds no digest of its header")
        }
        self.digest = digest
        bytes = file.withBytes(\.count)
        // What `pack` makes int8 unless told otherwise: the token embeddings, and the matrices of the layers.
        let floats = file.tensors.filter {
            $0.type == .float32 && $0.shape.count > 1
                && ($0.name.hasPrefix("layer.") || $0.name == "embeddings.token.weight")
        }
        let saved = floats.reduce(0) { $0 + $1.byteCount * 3 / 4 }
        saving = floats.max { $0.byteCount < $1.byteCount }.map { (saved, $0.name) }
        version = text("general.version")
        let notes = [text("general.description"), text("general.source.url"), text("general.license")].compactMap { $0 }
        comment = notes.isEmpty ? nil : notes.joined(separator: " ")
    }
}
