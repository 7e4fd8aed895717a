import NIOCore

/// Images of the same program for several platforms.
public struct ImageIndex: Sendable {
    /// The images that are known.
    public let images: [Image]
    /// The index document as it is hashed and sent.
    let bytes: ByteBuffer
    let mediaType: MediaType
    /// Whether `images` has everything that the document lists.
    let isWhole: Bool

    /// Makes an index of images.
    ///
    /// - Parameters:
    ///   - images: The images.
    ///   - annotations: Notes for people and tools.
    /// - Throws: `EncodingError`, if the document cannot be encoded.
    public init(_ images: [Image], annotations: [String: String]? = nil) throws {
        self.images = images
        (mediaType, isWhole) = (.index, true)
        bytes = try Document.encode(Index(manifests: images.map(\.descriptor), annotations: annotations))
    }

    /// An index as it was stored.
    init(_ images: [Image], bytes: ByteBuffer, mediaType: MediaType, isWhole: Bool) {
        self.isWhole = isWhole
        self.images = images
        self.bytes = bytes
        self.mediaType = mediaType
    }

    /// Points at the index document.
    public var descriptor: Descriptor {
        Descriptor(mediaType: mediaType, digest: Digest(of: bytes), size: Int64(bytes.readableBytes))
    }
}
