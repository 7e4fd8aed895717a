import NIOCore

/// The files of a layer, in an order and with attributes that make the digest of the layer reproducible.
///
/// Entries are sorted by path, and each parent folder has one entry. The owner is root, all entries have the same time,
/// and modes are as given, whatever the umask of this process is.
public struct FileTree: Sendable {
    private var entries: [String: (header: TarHeader, content: Content?)] = [:]

    /// A tree without files.
    public init() {}

    /// Adds a file and its parent folders.
    ///
    /// - Parameters:
    ///   - path: The absolute path in the image.
    ///   - content: The bytes of the file.
    ///   - mode: The permission bits.
    /// - Throws: `ContainerImageError.invalid` if the path is not valid or another file has it.
    public mutating func add(_ path: String, _ content: Content, mode: UInt32) throws(ContainerImageError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard path.hasPrefix("/"), !parts.isEmpty, !path.hasSuffix("/"), !parts.contains(".."), !parts.contains("."),
            !path.utf8.contains(0)
        else {
            throw .invalid(
                what: "'\(path)'", reason: "it is not a valid path of a file in an image",
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
        .invalid(
            what: path, reason: "two files in the image have this path", advice: "Give each file a path of its own.")
    }

    /// The tar of the files, which are read only when the tar is read.
    ///
    /// `modified` is the time of every entry, in seconds since 1970.
    func tar(modified: Int64) -> Content {
        var parts: [Content] = []
        // Paths are sorted by their bytes, because the order of strings depends on Unicode normalization.
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
