/// What is in an image: its sizes in bytes, its files, and copies of some of them.
///
/// An image has three sizes, because each limit of a platform concerns a different one: what is pulled, the largest
/// layer, and what is on the disk afterwards.
public struct ImageContents: Sendable {
    /// The bytes that a registry stores and a host pulls: the layers as they are stored, and the configuration.
    public let compressed: Int64
    /// The bytes of the largest layer as it is stored.
    public let largestLayer: Int64
    /// The bytes on the disk: the sum of the sizes of all files.
    public let unpacked: Int64
    /// The 100 largest of the files that are left when all layers are laid over each other, largest first, with absolute
    /// paths.
    ///
    /// Links and devices have the size 0. Folders are not listed.
    public let files: [(path: String, size: Int64)]
    /// How the layers are compressed.
    public let compressions: Set<Compression>
    /// The wanted files that the image has, by their absolute path.
    public let found: [String: ImageFile]

    /// Reads each layer of an image once, from the lowest to the highest.
    ///
    /// Nothing is unpacked to a disk, except for the bytes of wanted files that are to be kept. The digests of all layers
    /// have been checked when this returns.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - keeping: The number of bytes of each wanted file to keep in a temporary file, by the absolute path of the file
    ///     in the image. With 0, the digest of the file is computed instead. The temporary file has as many bytes as the
    ///     file, with zeros in place of those that are not kept.
    ///   - budget: How much may be unpacked.
    /// - Throws: `ContainerImageError` if a layer cannot be read or does not match its digest, if the image exceeds the
    ///   budget, or if a temporary file cannot be written.
    public init(
        of image: Image, keeping: [String: Int64] = [:], within budget: UnpackingBudget = UnpackingBudget()
    ) async throws {
        var overlay = LayerOverlay()
        for layer in image.layers { try await overlay.add(layer, keeping: keeping, within: budget) }

        let layers = image.layers.map(\.descriptor)
        compressed = layers.reduce(image.manifest.config.size) { $0 + $1.size }
        largestLayer = layers.map(\.size).max() ?? 0
        compressions = Set(layers.compactMap(\.mediaType.compression))
        let left = overlay.files(largest: 100)
        (unpacked, files, found) = (left.size, left.largest, left.kept)
    }
}
