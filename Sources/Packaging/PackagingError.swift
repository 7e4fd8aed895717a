/// The reason why a checkpoint cannot be packed.
///
/// Each case names the file, and its description says what to do next.
public enum PackagingError: Error, Equatable {
    /// The checkpoint's folder does not have a file that it needs.
    case missingFile(path: String, expected: String)
    /// A file or folder cannot be read.
    case unreadable(path: String, reason: String)
    /// A file does not have the form that it should have.
    case malformed(path: String, reason: String)
    /// The checkpoint does not have a tensor that its architecture needs.
    case missingTensor(path: String, name: String)
    /// A tensor has another shape than `config.json` says.
    case shapeMismatch(path: String, name: String, found: [Int], expected: [Int])
    /// The checkpoint uses something that Pinson cannot pack.
    case unsupported(path: String, what: String, found: String, expected: String)
    /// The number of tokens is not possible for this checkpoint.
    case invalidMaxTokens(path: String, found: Int, positions: Int)
    /// A file is a pointer of Git LFS, and its content is elsewhere.
    case lfsPointer(path: String)
    /// The folder does not exist, but its name looks like the name of a model on the Hugging Face Hub.
    case hubName(String)
    /// The folder is that of a model in the cache of the Hugging Face Hub, whose checkpoints are in folders inside it.
    case cacheFolder(path: String, [String])
    /// A file with weights of PyTorch is damaged, or holds something else than tensors.
    case damagedWeights(path: String, reason: String)
    /// A file with weights was saved by a version of PyTorch whose format Pinson does not read.
    case legacyWeights(path: String)
    /// The folder holds an adapter instead of a whole model.
    case adapter(path: String, base: String?)
    /// The folder was written by MLflow, and the model and the tokenizer are in folders inside it, where they are known.
    case mlflow(path: String, model: String?, tokenizer: String?)
    /// The folder does not have a tokenizer, which is in another folder if it is known.
    case missingTokenizer(path: String, elsewhere: String?)
    /// The labels that the user gives are not distinct, or not as many as the checkpoint's.
    case invalidLabels(path: String, found: [String], known: [String])
    /// A file that `pinson_export.py` writes is not valid.
    case damagedExport(path: String, reason: String)
    /// A file is a pickle of Python, which runs code when it is opened.
    case pickle(path: String)
    /// Two n-grams of a vocabulary have the same hash.
    case sameHash(path: String, terms: [String])
}

extension PackagingError: CustomStringConvertible {
    /// The file, what was found, what was expected, and what to do next.
    public var description: String {
        switch self {
        case .missingFile(let path, let expected):
            "\(path): does not contain \(expected). Give a folder that `save_pretrained` has written."
        case .unreadable(let path, let reason):
            "\(path): cannot be read, because \(reason)."
        case .malformed(let path, let reason):
            "\(path): \(reason). Save the checkpoint again with `save_pretrained`."
        case .missingTensor(let path, let name):
            "\(path): does not have the tensor '\(name)', which the architecture in config.json needs. "
                + "Check that both files belong to the same model."
        case .shapeMismatch(let path, let name, let found, let expected):
            "\(path): the tensor '\(name)' has the shape \(text(found)), but config.json requires \(text(expected)). "
                + "Check that both files belong to the same model."
        case .unsupported(let path, let what, let found, let expected):
            "\(path): \(what) is \(found), which Pinson cannot pack. Supported: \(expected)."
        case .invalidMaxTokens(let path, let found, let positions):
            "\(path): the model has \(positions) positions, so '--max-tokens' cannot be \(found). "
                + "Give a number from 2 to \(positions)."
        case .lfsPointer(let path):
            "\(path): is a pointer of Git LFS, not the file itself. Run `git lfs pull` in the folder of the checkpoint."
        case .hubName(let name):
            "\(name): there is no such folder. If this is a model on the Hugging Face Hub, download it first: "
                + "`hf download \(name) --local-dir \(folderName(name))`. Then pack the folder '\(folderName(name))'."
        case .cacheFolder(let path, let snapshots):
            "\(path): is a folder of the cache of the Hugging Face Hub, "
                + (snapshots.last.map { "which has the checkpoint in a folder of its own. Pack '\($0)'." }
                    ?? "which has no complete checkpoint. Download it again with `hf download`, and pack the folder that this prints.")
        case .damagedWeights(let path, let reason):
            "\(path): \(reason). Load the model in Python, and save it with `save_pretrained`, which writes model.safetensors."
        case .legacyWeights(let path):
            "\(path): was saved by PyTorch before version 1.6, whose format cannot be read safely. "
                + "Load the model in Python, and save it with `save_pretrained`, which writes model.safetensors."
        case .adapter(let path, let base):
            "\(path): is an adapter (LoRA or another kind of PEFT), which needs its base model\(base.map { " '\($0)'" } ?? ""). "
                + "Merge both in Python with `model.merge_and_unload()`, and save the result with `save_pretrained`."
        case .mlflow(let path, nil, _):
            "\(path): is a model of MLflow without a checkpoint in the folder 'model'. "
                + "Load it in Python, and save its model and its tokenizer with `save_pretrained`."
        case .mlflow(let path, let model?, let tokenizer):
            "\(path): is a model of MLflow, which has the checkpoint in a folder of its own. "
                + "Give that folder\(tokenizer == nil ? "" : " and its tokenizer"): `pinson pack \(model)"
                + (tokenizer.map { " --tokenizer \($0)" } ?? "") + "`."
        case .missingTokenizer(let path, let elsewhere?):
            "\(path): contains no tokenizer.json, and no older files of a tokenizer such as vocab.txt. "
                + "The tokenizer is in another folder; give it with `--tokenizer \(elsewhere)`."
        case .missingTokenizer(let path, nil):
            "\(path): contains no tokenizer.json, and no older files of a tokenizer such as vocab.txt. "
                + "Give a folder that `save_pretrained` has written, or the folder of the tokenizer with `--tokenizer`."
        case .invalidLabels(let path, _, []):
            "\(path): the model is a sentence encoder, which has no labels. Leave out '--labels'."
        case .invalidLabels(let path, let found, let known):
            "\(path): the model has \(known.count) labels, which are \(text(known)), but '--labels' gives \(text(found)). "
                + "Give \(known.count) distinct names in the same order."
        case .damagedExport(let path, let reason):
            "\(path): \(reason). Write it again with the script of this version of Pinson."
        case .pickle(let path):
            "\(path): is a pickle, which Pinson never opens, because opening one runs the code in it. If it is a model of "
                + "scikit-learn, run `python pinson_export.py \(path) -o MODEL.npz`, and pack MODEL.npz. For an LSTM of PyTorch, "
                + "call pinson_lstm_export.py from the program that makes the model."
        case .sameHash(let path, let terms):
            "\(path): the n-grams \(text(terms)) have the same hash. Leave one of them out of the vocabulary."
        }
    }
}

/// The second part of `org/name`.
private func folderName(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }

/// The names in quotes; only the first ones if there are many.
private func text(_ names: [String]) -> String {
    let shown = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
}

private func text(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + ")"
}
