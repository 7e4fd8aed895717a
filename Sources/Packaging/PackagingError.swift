/// Why a checkpoint cannot be packed.
///
/// Each case names the file and what to do next.
public enum PackagingError: Error, Equatable {
    case missingFile(path: String, expected: String)
    case unreadable(path: String, reason: String)
    case malformed(path: String, reason: String)
    case missingTensor(path: String, name: String)
    case shapeMismatch(path: String, name: String, found: [Int], expected: [Int])
    case unsupported(path: String, what: String, found: String, expected: String)
}

extension PackagingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingFile(let path, let expected):
            "\(path): has no \(expected). Name a folder as `save_pretrained` writes it."
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason)."
        case .malformed(let path, let reason):
            "\(path): \(reason). Save the checkpoint again with `save_pretrained`."
        case .missingTensor(let path, let name):
            "\(path): lacks the tensor '\(name)', which this architecture needs. The checkpoint may be of another architecture than its config.json says."
        case .shapeMismatch(let path, let name, let found, let expected):
            "\(path): tensor '\(name)' is \(text(found)), config.json makes it \(text(expected)). The two files do not belong together."
        case .unsupported(let path, let what, let found, let expected):
            "\(path): \(what) is \(found), supported: \(expected)."
        }
    }
}

private func text(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + ")"
}
