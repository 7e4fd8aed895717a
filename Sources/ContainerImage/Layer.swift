import NIOCore

/// One layer of an image: a tar, perhaps compressed, and what is known of it.
public struct Layer: Sendable {
    public let descriptor: Descriptor
    /// Digest of the tar when it is not compressed.
    public let diffID: Digest
    /// The bytes as stored.
    public let content: Content
    /// How it came to be, for people.
    public let createdBy: String
    /// Where a registry has it already, so that it need not be sent again.
    let origin: Reference?

    init(descriptor: Descriptor, diffID: Digest, content: Content, createdBy: String, origin: Reference? = nil) {
        self.descriptor = descriptor
        self.diffID = diffID
        self.content = content
        self.createdBy = createdBy
        self.origin = origin
    }

    /// Makes a layer of `files`; one pass over a plain tar, which is not copied anywhere, and a temporary file for gzip.
    ///
    /// - Parameter modified: seconds since 1970.
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
                try spool.write($0)
            }
            self.init(
                descriptor: Descriptor(mediaType: .tarGzip, digest: compressed.finish(), size: compressed.count),
                diffID: plain.hasher.finish(), content: Content(spool.finished(size: compressed.count)),
                createdBy: createdBy)
        case .zstd:
            throw ContainerImageError.invalid(
                what: "zstd", reason: "it is read but not written here", advice: "Take gzip or none.")
        }
    }

    /// Goes through the files in it; only `finish` tells whether they were those of the digest.
    func tarReader() async throws -> TarReader {
        TarReader(ByteStream(try await uncompressed()), named: "layer \(descriptor.digest)")
    }

    /// The bytes of the tar, inflated if need be; an error at the end if they are not those of the digest.
    func uncompressed() async throws -> Content.Reader {
        let name = "layer \(descriptor.digest)"
        let content = content.verified(descriptor)
        switch descriptor.mediaType.compression {
        case Compression.none?: return try await content.reader()
        case .gzip?: return Gzip.inflated(try await content.reader(), named: name)
        default:
            throw ContainerImageError.invalid(
                what: name, reason: "its type is \(descriptor.mediaType.rawValue), which cannot be unpacked here",
                advice: "Take an image whose layers are tar or gzip.")
        }
    }
}
