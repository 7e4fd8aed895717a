/// The name of an image in a registry: `host/repository:tag`, `host/repository@sha256:…`, or both.
///
/// - Source: OCI distribution-spec 1.1.1, "Pulling manifests"; Docker's rules for names without a host.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// The host of the registry, with the port if there is one.
    public let host: String
    /// The path of the repository on that host.
    public let repository: String
    /// The tag, a name that may point at another image later.
    public var tag: String?
    /// The digest of the image, if the name is pinned.
    public var digest: Digest?

    /// Parses a name as `docker pull` takes it.
    ///
    /// - Parameter text: The name. Docker Hub is the host if it has none.
    /// - Throws: `ContainerImageError.invalid` if a part of the name is missing or not valid.
    public init(_ text: String) throws(ContainerImageError) {
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(
                what: "'\(text)'", reason: reason,
                advice: "Give a name such as ghcr.io/owner/image:tag or localhost:5000/image.")
        }
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            guard let digest = Digest(rest[rest.index(after: at)...]) else {
                throw broken("the part after the @ is not a valid sha256 digest")
            }
            self.digest = digest
            rest = rest[..<at]
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            let tag = String(rest[rest.index(after: colon)...])
            guard Self.isTag(tag) else {
                throw broken(
                    "'\(tag)' is not a valid tag; a tag has at most 128 letters, digits, '_', '.' and '-', "
                        + "and does not start with '.' or '-'")
            }
            self.tag = tag
            rest = rest[..<colon]
        }
        // The first part is the host if it looks like one. Names on Docker Hub have no host.
        let first = rest.prefix { $0 != "/" }
        if rest.contains("/"), first.contains(".") || first.contains(":") || first == "localhost" {
            host = first == "docker.io" || first == "index.docker.io" ? Self.dockerHub : String(first)
            rest = rest.dropFirst(first.count + 1)
        } else {
            host = Self.dockerHub
        }
        repository = host == Self.dockerHub && !rest.contains("/") ? "library/\(rest)" : String(rest)
        guard !rest.isEmpty else { throw broken("the name of the repository is missing") }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }) else {
            throw broken("'\(host)' is not a valid host name")
        }
        guard repository.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isComponent),
            host.utf8.count + 1 + repository.utf8.count <= 255
        else {
            throw broken(
                "'\(rest)' is not a valid repository; each part has lower-case letters and digits, "
                    + "with '.', '_', '__' or '-' between them")
        }
    }

    /// The host that serves the images of Docker Hub.
    static let dockerHub = "registry-1.docker.io"

    /// The host as people and credential files write it.
    var familiarHost: String { host == Self.dockerHub ? "docker.io" : host }

    /// The name without tag and digest.
    public var familiarName: String { "\(familiarHost)/\(repository)" }

    /// The whole name, with the tag and the digest if there are any.
    public var description: String {
        familiarName + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The name with `digest` in place of the tag, which always means the same image.
    public func pinned(_ digest: Digest) -> String { "\(familiarName)@\(digest)" }

    private static func isTag(_ tag: String) -> Bool {
        tag.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,127}/) != nil
    }

    private static func isComponent(_ text: Substring) -> Bool {
        text.wholeMatch(of: /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/) != nil
    }
}
