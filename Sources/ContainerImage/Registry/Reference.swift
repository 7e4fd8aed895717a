/// The name of an image in a registry: `host/repository:tag`, `host/repository@sha256:…`, or both.
///
/// - Source: OCI distribution-spec 1.1.1, "Pulling manifests"; Docker's rules for names without a host.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// With the port, if there is one.
    public let host: String
    public let repository: String
    public var tag: String?
    public var digest: Digest?

    /// - Throws: an error that says what is wrong with `text`.
    public init(_ text: String) throws(ContainerImageError) {
        func broken(_ reason: String) -> ContainerImageError {
            .invalid(
                what: "'\(text)'", reason: reason,
                advice: "Give a name such as ghcr.io/owner/image:tag or localhost:5000/image.")
        }
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            guard let digest = Digest(rest[rest.index(after: at)...]) else {
                throw broken("what follows the @ is no sha256 digest")
            }
            self.digest = digest
            rest = rest[..<at]
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            let tag = String(rest[rest.index(after: colon)...])
            guard Self.isTag(tag) else {
                throw broken("'\(tag)' is no tag: letters, digits, '_', '.' and '-', at most 128")
            }
            self.tag = tag
            rest = rest[..<colon]
        }
        // The first part is a host if it looks like one; Docker Hub's names have none.
        let first = rest.prefix { $0 != "/" }
        if rest.contains("/"), first.contains(".") || first.contains(":") || first == "localhost" {
            host = first == "docker.io" || first == "index.docker.io" ? Self.dockerHub : String(first)
            rest = rest.dropFirst(first.count + 1)
        } else {
            host = Self.dockerHub
        }
        repository = host == Self.dockerHub && !rest.contains("/") ? "library/\(rest)" : String(rest)
        guard !rest.isEmpty else { throw broken("it names no repository") }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }) else {
            throw broken("'\(host)' is no host")
        }
        guard repository.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isComponent),
            host.utf8.count + 1 + repository.utf8.count <= 255
        else {
            throw broken(
                "'\(rest)' is no repository: lower-case letters, digits, and '.', '_', '__' or '-' between them")
        }
    }

    static let dockerHub = "registry-1.docker.io"

    /// The host as people and credential files have it.
    var familiarHost: String { host == Self.dockerHub ? "docker.io" : host }

    /// Without tag and digest.
    public var familiarName: String { "\(familiarHost)/\(repository)" }

    public var description: String {
        familiarName + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The same image, whatever the tag points at later.
    public func pinned(_ digest: Digest) -> String { "\(familiarName)@\(digest)" }

    private static func isTag(_ tag: String) -> Bool {
        tag.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,127}/) != nil
    }

    private static func isComponent(_ text: Substring) -> Bool {
        text.wholeMatch(of: /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/) != nil
    }
}
