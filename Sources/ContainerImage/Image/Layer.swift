import NIOCore

/// One layer of an image: a tar, which may be compressed, and its description.
public struct Layer: Sendable {
    /// The type, the digest and the size of the bytes as they are stored.
    public let descriptor: Descriptor
    /// The digest of the uncompressed tar.
    public let diffID: Digest
    /// The bytes as they are stored.
    ///
    /// Reading them to the end checks their digest.
    public let content: Content
    /// The command that made the layer, for people.
    public let createdBy: String
    /// The repository that the layer was pulled from.
    ///
    /// The same registry can reuse it without an upload.
    let origin: Reference?

    /// A layer whose bytes are in `content`, which need not have been verified.
    init(descriptor: Descriptor, diffID: Digest, content: Content, createdBy: String, origin: Reference? = nil) {
        self.descriptor = descriptor
        self.diffID = diffID
        self.content = content.verified(descriptor)
        self.createdBy = createdBy
        self.origin = origin
    }

    /// Makes a layer of files.
    ///
    /// The files are read once to compute the digests. A plain layer is not stored anywhere: its tar is made again each
    /// time it is read. A compressed layer is stored in a temporary file.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - compression: How the tar is compressed: `gzip` or `none`.
    ///   - modified: The time of every entry, in seconds since 1970.
    ///   - createdBy: The command that makes the layer, for the history of the image.
    /// - Throws: `ContainerImageError` if a file cannot be read, the temporary file cannot be written, or the
    ///   compression is `zstd`.
    public init(_ files: FileTree, compression: Compression, modified: Int64, createdBy: String) async throws {
        let tar = files.tar(modified: modified)
        switch compression {
        case .none:
            let digest = try await tar.digest()
            self.init(
                descriptor: Descriptor(mediaType: .tar, digest: digest, size: tar.size), diffID: digest, content: tar,
                createdBy: createdBy)
        case .gzip:
            var compressed = Digest.Hasher()
            let spool = try SpoolFile()
            let plain = HashingReader(try await tar.reader())
            try await Gzip.compress({ try await plain.read() }) {
                compressed.update($0)
                try spool.append($0)
            }
            self.init(
                descriptor: Descriptor(mediaType: .tarGzip, digest: compressed.finish(), size: compressed.count),
                diffID: plain.hasher.finish(), content: Content(try spool.finished(size: compressed.count)),
                createdBy: createdBy)
        case .zstd:
            throw ContainerImageError.invalid(
                what: "zstd", reason: "layers with this compression can be copied, but not built",
                advice: "Choose gzip or none.")
        }
    }

    /// Reads the entries of the layer.
    ///
    /// Only `finish` of the reader checks the digest.
    func tarReader(within budget: UnpackingBudget = UnpackingBudget()) async throws -> TarReader {
        TarReader(ByteStream(try await uncompressed(within: budget)), named: "layer \(descriptor.digest)")
    }

    /// Reads the uncompressed tar, with an error at the end if the stored bytes do not match the digest, or as soon as the
    /// layer unpacks to more than the budget allows.
    func uncompressed(within budget: UnpackingBudget) async throws -> Content.Reader {
        let name = "layer \(descriptor.digest)"
        let content = try await content.reader()
        let stored: Content.Reader = {
            guard let bytes = try await content() else { return nil }
            budget.read(bytes.readableBytes)
            return bytes
        }
        let plain: Content.Reader
        switch descriptor.mediaType.compression {
        case Compression.none?: plain = stored
        case .gzip?: plain = Gzip.inflated(stored, named: name)
        default:
            throw ContainerImageError.invalid(
                what: name, reason: "layers of the type \(descriptor.mediaType.rawValue) cannot be unpacked",
                advice: "Use an image whose layers are plain tars or compressed with gzip.")
        }
        return {
            guard let bytes = try await plain() else { return nil }
            try budget.unpack(bytes.readableBytes, of: name)
            return bytes
        }
    }
}
