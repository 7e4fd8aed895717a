/// Why an image cannot be built, read, or moved, and what to do next.
public enum ContainerImageError: Error, Equatable, CustomStringConvertible {
    /// Bytes or arguments that cannot be right.
    case invalid(what: String, reason: String, advice: String)
    /// The system refuses a file.
    case file(path: String, action: String, reason: String)
    /// A dynamic binary would lie in an image that has none of its libraries.
    case missingLibraries(path: String, libraries: [String])
    /// A blob is not what its name says.
    case mismatch(what: String, found: String, expected: String)
    /// A registry said no.
    case refused(request: String, status: Int, detail: String, advice: String)
    /// A registry could not be asked.
    case unreachable(request: String, reason: String)

    public var description: String {
        switch self {
        case .invalid(let what, let reason, let advice): "\(what): \(reason). \(advice)"
        case .file(let path, let action, let reason): "\(path): cannot \(action) it: \(reason)."
        case .missingLibraries(let path, let libraries):
            "\(path): needs libraries that an empty image does not hold: \(libraries.joined(separator: ", ")). "
                + "Link it statically (swift build -Xswiftc -static-executable), or name a base image with --base."
        case .mismatch(let what, let found, let expected):
            "\(what): found \(found), expected \(expected). It was changed or cut on its way; fetch or build it again."
        case .refused(let request, let status, let detail, let advice):
            "\(request): the registry answered \(status)\(detail.isEmpty ? "" : " (\(detail))"). \(advice)"
        case .unreachable(let request, let reason):
            "\(request): \(reason). Check the name and the network; a registry without TLS needs --insecure."
        }
    }

    /// Whether something outside could not be reached, rather than the input being wrong.
    public var isOutside: Bool {
        switch self {
        case .refused, .unreachable: true
        default: false
        }
    }
}

extension String {
    /// On one line and without control characters, for what others have written: it may not command a terminal or a
    /// build server that reads what we print.
    public var singleLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
