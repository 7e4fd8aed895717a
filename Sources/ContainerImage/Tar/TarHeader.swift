import NIOCore

/// One entry of a tar, without the bytes of the file.
///
/// - Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format".
struct TarHeader: Equatable, Sendable {
    /// What an entry is.
    enum Kind: Equatable, Sendable {
        case file, directory
        case symbolicLink(String)
        case hardLink(String)
        /// A device, a pipe, or an extended header; the value is the type flag.
        case other(UInt8)
    }

    /// The path without a slash at either end.
    var path: String
    var kind: Kind
    /// The number of bytes that follow the header.
    var size: Int64 = 0
    /// The permission bits.
    var mode: UInt32
    var user: UInt32 = 0
    var group: UInt32 = 0
    /// The time of the last change, in seconds since 1970.
    var modified: Int64 = 0

    /// A tar consists of blocks of this many bytes.
    static let block = 512

    /// The number of zeros between `size` bytes and the next block.
    static func padding(after size: Int64) -> Int { Int((512 - size % 512) % 512) }
}
