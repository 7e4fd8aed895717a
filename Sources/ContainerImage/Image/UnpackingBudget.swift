import NIOCore

/// How much may be unpacked before an error, so that a hostile image costs little time, memory and disk space.
///
/// A few megabytes can unpack to a thousand times as many, and can list millions of files. One budget serves all images
/// of an index.
public final class UnpackingBudget {
    /// The largest number of bytes that layers may unpack to, more than any known platform accepts.
    public static let mostBytes: Int64 = 16 << 30
    /// The largest number of files and folders in all layers together.
    public static let mostEntries = 1_000_000

    private let allowed: (bytes: Int64, entries: Int)
    private var bytes: Int64 = 0
    private var entries = 0
    /// The bytes of the layers, as they are stored, that have been read.
    private var stored: Int64 = 0
    /// The bytes that were copied into temporary files.
    private var copied: Int64 = 0

    /// Creates a budget of which nothing has been used.
    ///
    /// - Parameters:
    ///   - bytes: The largest number of bytes that layers may unpack to.
    ///   - entries: The largest number of files and folders.
    public init(bytes: Int64 = mostBytes, entries: Int = mostEntries) { allowed = (bytes, entries) }

    /// Counts bytes of a layer as it is stored.
    func read(_ count: Int) { stored += Int64(count) }

    /// Counts bytes that were unpacked; `name` is the layer, for the error.
    func unpack(_ count: Int, of name: String) throws(ContainerImageError) {
        bytes += Int64(count)
        guard bytes <= allowed.bytes else {
            throw .invalid(
                what: name, reason: "the image unpacks to more than \(allowed.bytes) bytes",
                advice: "No known platform accepts such an image. Build it without the files that make it so large.")
        }
    }

    /// Counts a file or a folder; `name` is the layer, for the error.
    func enter(of name: String) throws(ContainerImageError) {
        entries += 1
        guard entries <= allowed.entries else {
            throw .invalid(
                what: name, reason: "the image has more than \(allowed.entries) files and folders",
                advice: "Build it with fewer files.")
        }
    }

    /// Counts bytes that are to be copied to a temporary file, and returns whether they may be.
    ///
    /// Copies may take 64 MiB, or 16 times what was read: models and programs do not compress that much, but a file that
    /// was made to fill a disk does.
    func mayCopy(_ count: Int) -> Bool {
        copied += Int64(count)
        return copied <= max(64 << 20, 16 * stored)
    }
}
