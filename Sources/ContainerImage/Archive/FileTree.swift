import NIOCore

/// Files for a layer, in the one order and with the one set of attributes that make its digest reproducible.
///
/// Sorted by path, every parent there once, owner root, one time for all, modes as given whatever the umask.
public struct FileTree: Sendable {
    private var entries: [String: (header: TarHeader, content: Content?)] = [:]

    public init() {}

    /// Adds a file and its parents.
    ///
    /// - Parameters:
    ///   - path: absolute, as in the image.
    ///   - mode: permission bits.
    public mutating func add(_ path: String, _ content: Content, mode: UInt32) throws(ContainerImageError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard path.hasPrefix("/"), !parts.isEmpty, !path.hasSuffix("/"), !parts.contains(".."), !parts.contains("."),
            !path.utf8.contains(0)
        else {
            throw .invalid(
                what: "'\(path)'", reason: "it is no place for a file in an image",
                advice: "Give an absolute path without '.' and '..', such as /model/model.gguf.")
        }
        for count in 1..<max(1, parts.count) {
            let parent = parts.prefix(count).joined(separator: "/")
            guard entries[parent]?.content == nil else { throw collision("/\(parent)") }
            entries[parent] = (TarHeader(path: parent, kind: .directory, mode: 0o755), nil)
        }
        let name = parts.joined(separator: "/")
        guard entries[name] == nil else { throw collision("/\(name)") }
        entries[name] = (TarHeader(path: name, kind: .file, size: content.size, mode: mode), content)
    }

    private func collision(_ path: String) -> ContainerImageError {
        .invalid(what: path, reason: "two files want this place in the image", advice: "Give each a path of its own.")
    }

    /// The tar: nothing is read before somebody reads it.
    ///
    /// - Parameter modified: seconds since 1970, of every entry.
    func tar(modified: Int64) -> Content {
        var parts: [Content] = []
        // By bytes: the order of strings is another where accents are.
        for path in entries.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let entry = entries[path] else { continue }
            var header = entry.header
            header.modified = modified
            parts.append(Content(header.encoded()))
            guard let content = entry.content else { continue }
            parts.append(content)
            parts.append(Content(ByteBuffer(repeating: 0, count: TarHeader.padding(after: header.size))))
        }
        parts.append(Content(ByteBuffer(repeating: 0, count: 2 * TarHeader.block)))
        return Content(joining: parts)
    }
}
