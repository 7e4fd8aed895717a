/// What is in an image: its sizes in bytes, its files, and copies of some of them.
///
/// An image has three sizes, because each limit of a platform concerns a different one: what is pulled, the largest
/// layer, and what is on the disk afterwards.
public struct ImageContents: Sendable {
    /// The bytes that a registry stores and a host pulls: the layers as they are stored, and the configuration.
    public let compressed: Int64
    /// The bytes of the largest layer as it is stored.
    public let largestLayer: Int64
    /// The bytes on the disk: the sum of the sizes of all `files`.
    public let unpacked: Int64
    /// The files that are left when all layers are laid over each other, largest first, with absolute paths.
    ///
    /// Links and devices have the size 0. Folders are not listed.
    public let files: [(path: String, size: Int64)]
    /// How the layers are compressed.
    public let compressions: Set<Compression>
    /// The files that were extracted: the path of each copy by the absolute path in the image.
    public let extracted: [String: String]

    /// Reads each layer of an image once, from the lowest to the highest.
    ///
    /// The copies get new names, so that a path from the image never decides where a file is written. They appear only
    /// after the digests of all layers have been checked.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - isWanted: Returns whether the regular file at this absolute path is to be extracted.
    ///   - folder: The folder for extracted files. It must exist.
    /// - Throws: `ContainerImageError` if a layer cannot be read or does not match its digest, or `FileError` if a copy
    ///   cannot be written.
    public init(
        of image: Image, extracting isWanted: (_ path: String) -> Bool = { _ in false }, into folder: String = "."
    ) async throws {
        var overlay = LayerOverlay()
        for layer in image.layers { try await overlay.add(layer, extracting: isWanted, into: folder) }

        let layers = image.layers.map(\.descriptor)
        compressed = layers.reduce(image.manifest.config.size) { $0 + $1.size }
        largestLayer = layers.map(\.size).max() ?? 0
        compressions = Set(layers.compactMap(\.mediaType.compression))
        let sizes = overlay.files.mapValues(\.size)
        unpacked = sizes.values.reduce(0, +)
        files = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ("/\($0.key)", $0.value) }
        var extracted: [String: String] = [:]
        for (path, file) in overlay.files {
            guard let copy = file.copy else { continue }
            try copy.commit()
            extracted["/\(path)"] = copy.path
        }
        self.extracted = extracted
    }
}
