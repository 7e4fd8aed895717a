/// Why an image cannot be built, read or moved, and what to do next.
public enum ContainerImageError: Error, Equatable, CustomStringConvertible {
    /// A file, a document or an argument is not valid.
    case invalid(what: String, reason: String, advice: String)
    /// The system refused an operation on a file.
    case file(path: String, action: String, reason: String)
    /// A dynamically linked program would be in an image that has none of its libraries.
    case missingLibraries(path: String, libraries: [String])
    /// The bytes of a blob do not match its digest or its size.
    case mismatch(what: String, found: String, expected: String)
    /// A registry answered a request with an error.
    case refused(request: String, status: Int, detail: String, advice: String)
    /// A registry did not answer a request.
    case unreachable(request: String, reason: String)
    /// A registry was so slow that the operation was given up.
    case tooSlow(request: String, got: String, wanted: String)

    /// What failed, why, and what to do about it.
    public var description: String {
        switch self {
        case .invalid(let what, let reason, let advice): "\(what): \(reason). \(advice)"
        case .file(let path, let action, let reason):
            "\(path): cannot \(action) it: \(reason). Check the path and its permissions."
        case .missingLibraries(let path, let libraries):
            "\(path): needs shared libraries that an empty image does not have: "
                + "\(libraries.joined(separator: ", ")). "
                + "Link it statically (swift build -Xswiftc -static-executable), or name a base image with --base."
        case .mismatch(let what, let found, let expected):
            "\(what): found \(found), expected \(expected). "
                + "It was changed or cut short after it was stored; fetch or build it again."
        case .refused(let request, let status, let detail, let advice):
            "\(request): the registry answered \(status)\(detail.isEmpty ? "" : " (\(detail))"). \(advice)"
        case .unreachable(let request, let reason):
            "\(request): \(reason). Check the name and the network; a registry without TLS needs --insecure."
        case .tooSlow(let request, let got, let wanted):
            "\(request): \(got), expected \(wanted). "
                + "Check the network and try again. If it stays slow, ask the operator of the registry."
        }
    }

    /// Whether the cause is outside this machine, rather than an input that is wrong.
    public var isOutside: Bool {
        switch self {
        case .refused, .unreachable, .tooSlow: true
        default: false
        }
    }

    /// Whether the same request may succeed a moment later.
    ///
    /// A registry that refuses will refuse again, and one that is too slow has had its time.
    var mayPass: Bool {
        if case .unreachable = self { true } else { false }
    }
}
