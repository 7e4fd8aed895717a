import NIOCore

@testable import ContainerImage

/// Layers of any bytes.
enum RawLayer {
    /// A layer that is not compressed.
    static func layer(_ tar: ByteBuffer) -> Layer {
        let digest = Digest(of: tar)
        return Layer(
            descriptor: Descriptor(mediaType: .tar, digest: digest, size: Int64(tar.readableBytes)), diffID: digest,
            content: Content(tar), createdBy: "")
    }

    /// A layer with empty files at the given paths.
    static func layer(paths: [String]) -> Layer {
        var tar = ByteBuffer()
        for path in paths {
            var header = TarHeader(path: path, kind: .file, size: 0, mode: 0o644).encoded()
            tar.writeBuffer(&header)
        }
        tar.writeRepeatingByte(0, count: 2 * TarHeader.block)
        return layer(tar)
    }
}
