import Foundation

/// A folder as Hugging Face's `save_pretrained` writes it: configuration, weights, tokenizer.
struct Checkpoint {
    let path: String
    let configuration: Configuration
    private let files: [Safetensors]

    init(path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw PackagingError.unreadable(path: path, reason: "it is not a folder; name the checkpoint's folder")
        }
        configuration = try Configuration(folder: path)
        files = try Self.weightFiles(in: path).map { try Safetensors(path: $0) }
    }

    /// `model.safetensors`, or the shards that `model.safetensors.index.json` names.
    private static func weightFiles(in folder: String) throws -> [String] {
        let single = "\(folder)/model.safetensors"
        if FileManager.default.fileExists(atPath: single) { return [single] }
        let index = "\(folder)/model.safetensors.index.json"
        guard FileManager.default.fileExists(atPath: index) else {
            let hint =
                FileManager.default.fileExists(atPath: "\(folder)/pytorch_model.bin")
                ? " (pytorch_model.bin is not read)" : ""
            throw PackagingError.missingFile(
                path: folder, expected: "model.safetensors or model.safetensors.index.json\(hint)")
        }
        guard let map = try JSONFile(path: index).object["weight_map"] as? [String: String], !map.isEmpty else {
            throw PackagingError.malformed(path: index, reason: "it has no \"weight_map\" of names to files")
        }
        return try Set(map.values).sorted().map { name in
            guard !name.contains("/") else {
                throw PackagingError.malformed(
                    path: index, reason: "the shard '\(name)' is not in the checkpoint's folder")
            }
            return "\(folder)/\(name)"
        }
    }

    func contains(_ name: String) -> Bool { files.contains { $0.contains(name) } }

    func floats(_ name: String, shape: [Int]) throws -> [Float] {
        guard let file = files.first(where: { $0.contains(name) }) else {
            throw PackagingError.missingTensor(path: files.count == 1 ? files[0].path : path, name: name)
        }
        let values = try file.floats(name, shape: shape)
        guard values.allSatisfy(\.isFinite) else {
            throw PackagingError.malformed(
                path: file.path, reason: "tensor '\(name)' holds a value that is not a finite number")
        }
        return values
    }

    /// Throws if `name` is missing or has another shape, without reading it.
    func check(_ name: String, shape: [Int]) throws {
        guard let file = files.first(where: { $0.contains(name) }) else {
            throw PackagingError.missingTensor(path: files.count == 1 ? files[0].path : path, name: name)
        }
        let found = file.shape(of: name) ?? []
        guard found == shape else {
            throw PackagingError.shapeMismatch(path: file.path, name: name, found: found, expected: shape)
        }
    }
}

/// A JSON object in a file.
struct JSONFile {
    let path: String
    let object: [String: Any]

    init(path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PackagingError.unreadable(path: path, reason: "there is no such file, or it may not be read")
        }
        do {
            guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw PackagingError.malformed(path: path, reason: "it is not a JSON object")
            }
            self.object = object
        } catch let error as NSError {
            let reason = error.userInfo["NSDebugDescription"] as? String ?? error.localizedDescription
            throw PackagingError.malformed(path: path, reason: "it is not JSON: \(reason)")
        }
    }

    func integer(_ key: String) throws -> Int {
        guard let value = object[key] as? Int else {
            throw PackagingError.malformed(
                path: path, reason: "\"\(key)\" is \(object[key].map { "\($0)" } ?? "missing"), expected an integer")
        }
        return value
    }
}
