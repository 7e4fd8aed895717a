internal import JSON

/// A folder with a configuration, weights and a tokenizer, as Hugging Face's `save_pretrained` writes it.
struct Checkpoint: WeightSource {
    let path: String
    let configuration: Configuration
    private let files: [Safetensors]

    /// Opens a checkpoint.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - labels: The labels to use instead of those in config.json. Nil keeps them.
    ///   - isBase: Whether the checkpoint is to be trained further, so that it needs no head.
    /// - Throws: `PackagingError` if a file is missing or not valid, or the model cannot be packed.
    init(path: String, labels: [String]? = nil, isBase: Bool = false) throws {
        self.path = path
        try CheckpointFolder.check(path)
        configuration = try Configuration(folder: path, labels: labels, isBase: isBase)
        files = try Self.weightFiles(in: path).map { try Safetensors(path: $0) }
    }

    /// The path of `model.safetensors`, or of the shards that `model.safetensors.index.json` names.
    private static func weightFiles(in folder: String) throws -> [String] {
        let single = "\(folder)/model.safetensors"
        if CheckpointFile.exists(single) { return [single] }
        let index = "\(folder)/model.safetensors.index.json"
        guard CheckpointFile.exists(index) else {
            let hint =
                CheckpointFile.exists("\(folder)/pytorch_model.bin") ? " (Pinson does not read pytorch_model.bin)" : ""
            throw PackagingError.missingFile(
                path: folder, expected: "model.safetensors or model.safetensors.index.json\(hint)")
        }
        let map = try JSONFile(path: index)["weight_map"]?.members ?? []
        let names = map.compactMap(\.value.string)
        guard !map.isEmpty, names.count == map.count else {
            throw PackagingError.malformed(path: index, reason: "has no \"weight_map\" from tensor names to files")
        }
        return try Set(names).sorted().map { name in
            // Bytes are compared, because a combining mark after a slash forms one character with it.
            guard !name.utf8.contains(UInt8(ascii: "/")), name != "..", name != "." else {
                throw PackagingError.malformed(
                    path: index, reason: "names the file '\(name)', which is not in the folder of the checkpoint")
            }
            return "\(folder)/\(name)"
        }
    }

    /// The shape of a tensor, or nil if there is none with this name.
    func shape(of name: String) -> [Int]? { files.lazy.compactMap { $0.shape(of: name) }.first }

    private func file(with name: String) throws -> Safetensors {
        guard let file = files.first(where: { $0.contains(name) }) else {
            throw PackagingError.missingTensor(path: files.count == 1 ? files[0].path : path, name: name)
        }
        return file
    }

    func floats(_ name: String, shape: [Int]) throws -> [Float] {
        let file = try file(with: name)
        let values = try file.floats(name, shape: shape)
        guard values.allSatisfy(\.isFinite) else {
            throw PackagingError.malformed(
                path: file.path, reason: "has a value in the tensor '\(name)' that is not a finite number")
        }
        return values
    }

    func check(_ name: String, shape: [Int]) throws {
        let file = try file(with: name)
        let found = file.shape(of: name) ?? []
        guard found == shape else {
            throw PackagingError.shapeMismatch(path: file.path, name: name, found: found, expected: shape)
        }
    }
}
