import Foundation

/// Folders that hold a model in another form than a checkpoint, and how to get a checkpoint from them.
enum CheckpointFolder {
    /// Checks that `path` is a folder that may be a checkpoint.
    ///
    /// - Throws: `PackagingError` that says what the user should give instead.
    static func check(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            if isHubName(path) { throw PackagingError.hubName(path) }
            throw PackagingError.unreadable(
                path: path, reason: "it is not a folder. Give the folder of the checkpoint")
        }
        guard !hasModel(path) else { return }
        if CheckpointFile.exists("\(path)/snapshots") {
            throw PackagingError.cacheFolder(path: path, snapshots(in: path))
        }
        let adapter = "\(path)/adapter_config.json"
        if CheckpointFile.exists(adapter) {
            let base = try? JSONFile(path: adapter)["base_model_name_or_path"]?.string
            throw PackagingError.adapter(path: path, base: base)
        }
        for pickle in ["model.pkl", "model.joblib"] where CheckpointFile.exists("\(path)/\(pickle)") {
            throw PackagingError.pickle(path: "\(path)/\(pickle)")
        }
        if CheckpointFile.exists("\(path)/MLmodel") {
            let model = "\(path)/model"
            throw PackagingError.mlflow(
                path: path, model: hasModel(model) ? model : nil, tokenizer: tokenizer(of: model))
        }
    }

    /// The checkpoints in a folder of the cache of the Hugging Face Hub, which has one for each version.
    ///
    /// - Source: Hugging Face Hub documentation, "Understand caching".
    private static func snapshots(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/snapshots")) ?? []
        return names.sorted().map { "\(folder)/snapshots/\($0)" }.filter(hasModel)
    }

    /// The folder of the tokenizer, if MLflow has saved the model in `folder`.
    ///
    /// MLflow saves a model in the folder `model`, and its tokenizer in the folder `components/tokenizer` next to it.
    ///
    /// - Source: `mlflow/transformers/model_io.py` of MLflow.
    static func tokenizer(of folder: String) -> String? {
        let parent = URL(fileURLWithPath: folder).standardizedFileURL.deletingLastPathComponent().relativePath
        let tokenizer = "\(parent)/components/tokenizer"
        return CheckpointFile.exists("\(parent)/MLmodel") && CheckpointFile.exists(tokenizer) ? tokenizer : nil
    }

    /// Whether the folder has a configuration or weights of its own.
    ///
    /// An adapter may have a configuration, but it has no weights.
    private static func hasModel(_ folder: String) -> Bool {
        let weights = [
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
        ]
        if weights.contains(where: { CheckpointFile.exists("\(folder)/\($0)") }) { return true }
        return CheckpointFile.exists("\(folder)/config.json") && !CheckpointFile.exists("\(folder)/adapter_config.json")
    }

    /// Whether `path` has the form of a model's name on the Hugging Face Hub, such as `org/name`.
    private static func isHubName(_ path: String) -> Bool {
        !FileManager.default.fileExists(atPath: path)
            && path.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*/) != nil
    }
}

extension Packer {
    /// The name of a model whose user gives none: the name of its folder.
    ///
    /// In a cache of the Hugging Face Hub, the folder of a checkpoint is the hash of a commit. There the name of the
    /// repository counts, which is part of `models--ORG--NAME/snapshots/HASH`.
    static func defaultName(_ folder: String) -> String {
        let parts = URL(fileURLWithPath: folder).standardizedFileURL.pathComponents
        guard parts.count >= 3, parts[parts.count - 2] == "snapshots",
            let repository = parts[parts.count - 3].wholeMatch(of: /models--(?:.+?--)?(.+)/)
        else { return parts.last ?? folder }
        return String(repository.1)
    }
}
