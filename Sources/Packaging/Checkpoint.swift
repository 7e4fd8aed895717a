internal import JSON

/// A folder with a configuration, weights and a tokenizer, as Hugging Face's `save_pretrained` writes it.
struct Checkpoint: WeightSource {
    let path: String
    let configuration: Configuration
    private let files: [any WeightFile]

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
        files = try Self.weightFiles(in: path)
    }

    /// Opens the weights: `model.safetensors` or its shards, or else `pytorch_model.bin` or its shards.
    private static func weightFiles(in folder: String) throws -> [any WeightFile] {
        let kinds: [(name: String, open: (String) throws -> any WeightFile)] = [
            ("model.safetensors", { try Safetensors(path: $0) }), ("pytorch_model.bin", { try TorchFile(path: $0) }),
        ]
        for (name, open) in kinds {
            let single = "\(folder)/\(name)"
            if CheckpointFile.exists(single) { return [try open(single)] }
            let index = "\(single).index.json"
            if CheckpointFile.exists(index) { return try shards(of: index, in: folder).map(open) }
        }
        throw PackagingError.missingFile(
            path: folder, expected: "model.safetensors, pytorch_model.bin, or an index of their shards")
    }

    /// The paths of the shards that an index names.
    private static func shards(of index: String, in folder: String) throws -> [String] {
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

    /// The names of all tensors of floating-point numbers.
    var floatNames: [String] { files.flatMap { file in file.names.filter(file.isFloat) }.sorted() }

    /// The shape of a tensor, or nil if there is none with this name.
    func shape(of name: String) -> [Int]? { (try? file(with: name)).flatMap { $0.file.shape(of: $0.name) } }

    /// The file that has a tensor, and the tensor's name in it.
    ///
    /// Old checkpoints call the factor and the addend of a layer norm `gamma` and `beta`.
    private func file(with name: String) throws -> (file: any WeightFile, name: String) {
        var names = [name]
        for (new, old) in [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")]
        where name.hasSuffix(new) {
            names.append(name.dropLast(new.count) + old)
        }
        for name in names {
            if let file = files.first(where: { $0.contains(name) }) { return (file, name) }
        }
        throw PackagingError.missingTensor(path: files.count == 1 ? files[0].path : path, name: name)
    }

    func floats(_ name: String, shape: [Int]) throws -> [Float] {
        let (file, name) = try file(with: name)
        let values = try file.floats(name, shape: shape)
        guard values.allSatisfy(\.isFinite) else {
            throw PackagingError.malformed(
                path: file.path, reason: "has a value in the tensor '\(name)' that is not a finite number")
        }
        return values
    }

    func check(_ name: String, shape: [Int]) throws {
        let (file, name) = try file(with: name)
        let found = file.shape(of: name) ?? []
        guard found == shape else {
            throw PackagingError.shapeMismatch(path: file.path, name: name, found: found, expected: shape)
        }
    }
}
