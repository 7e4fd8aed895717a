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
    /// The labels that the user gives are not distinct, or not as many as the checkpoint's.
    case invalidLabels(path: String, found: [String], known: [String])
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
        case .invalidLabels(let path, _, []):
            "\(path): the model is a sentence encoder, which has no labels. Leave out '--labels'."
        case .invalidLabels(let path, let found, let known):
            "\(path): the model has \(known.count) labels, which are \(text(known)), but '--labels' gives \(text(found)). "
                + "Give \(known.count) distinct names in the same order."
        }
    }
}

private func text(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
}

private func text(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + ")"
}
