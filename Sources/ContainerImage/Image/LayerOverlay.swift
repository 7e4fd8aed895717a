/// The files that are left when layers are laid over each other.
///
/// - Source: OCI image-spec 1.1.1, layer.md, "Applying Changesets".
struct LayerOverlay {
    /// A file, a link or a device.
    struct File {
        /// The size in bytes, 0 for anything but a regular file.
        var size: Int64
        /// The bytes of the file, if they are wanted.
        var copy: ExtractedFile?
    }

    /// The files by their path, without a slash at its start.
    private(set) var files: [String: File] = [:]

    /// Lays `layer` over the present files.
    ///
    /// If this throws, the files are not valid any more.
    ///
    /// Regular files whose absolute path `isWanted` are copied to `folder`.
    mutating func add(_ layer: Layer, extracting isWanted: (String) -> Bool, into folder: String) async throws {
        var reader = try await layer.tarReader()
        var added: [String: File] = [:]
        while let header = try await reader.next() {
            let slash = header.path.lastIndex(of: "/")
            let name = slash.map { header.path[header.path.index(after: $0)...] } ?? header.path[...]
            let parent = slash.map { "\(header.path[..<$0])/" } ?? ""
            if name == ".wh..wh..opq" {  // this layer replaces the whole folder
                remove(under: parent)
            } else if name.hasPrefix(".wh.") {  // this layer removes a file or a folder
                let removed = parent + name.dropFirst(4)
                files[removed] = nil
                remove(under: removed + "/")
            } else if header.kind == .directory {
                files[header.path] = nil  // it may have been a file
            } else {
                remove(under: header.path + "/")  // it may have been a folder
                var file = File(size: header.kind == .file ? header.size : 0)
                if header.kind == .file, isWanted("/\(header.path)") {
                    let copy = try ExtractedFile(in: folder)
                    while let bytes = try await reader.read() { try copy.append(bytes) }
                    file.copy = copy
                }
                added[header.path] = file
            }
        }
        try await reader.finish()
        files.merge(added) { $1 }
    }

    private mutating func remove(under folder: String) {
        guard !files.isEmpty else { return }
        for path in files.keys where path.hasPrefix(folder) { files[path] = nil }
    }
}
