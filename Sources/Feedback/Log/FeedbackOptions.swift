/// How a log uses its volume.
public struct FeedbackOptions: Equatable, Sendable {
    /// How entries reach the disk.
    public enum Storage: String, CaseIterable, Sendable {
        /// Try whether the volume can append.
        case automatic = "auto"
        /// Append to a file.
        case append
        /// Write a new file for each group of entries, because the volume cannot append.
        case objects
    }

    /// How entries reach the disk.
    public var storage: Storage
    /// A file with more bytes is not continued.
    public var segmentBytes: Int
    /// All files of all instances may have this many bytes.
    ///
    /// More entries are refused, because nothing that was accepted may be lost.
    public var totalBytes: Int
    /// Entries are deleted after this many days, or never if it is nil.
    public var retentionDays: Int?

    /// An entry is written to a new file if the current one is older than this, in milliseconds.
    static let longestUse = day
    /// An entry is written to a new file if the last one was written longer ago than this, in milliseconds.
    ///
    /// Afterwards, other instances may rewrite the file.
    static let longestPause = 30 * 60 * 1000
    /// Another instance may rewrite a file that was not changed for this time, in milliseconds.
    static let abandonedAfter = 4 * longestPause
    /// A day in milliseconds.
    static let day = 24 * 60 * 60 * 1000

    /// Creates options.
    ///
    /// - Parameters:
    ///   - storage: How entries reach the disk.
    ///   - segmentBytes: A file with more bytes is not continued.
    ///   - totalBytes: The number of bytes that all files may have.
    ///   - retentionDays: The number of days after which entries are deleted, or nil.
    public init(
        storage: Storage = .automatic, segmentBytes: Int = 8 << 20, totalBytes: Int = 1 << 30,
        retentionDays: Int? = nil
    ) {
        (self.storage, self.segmentBytes) = (storage, segmentBytes)
        (self.totalBytes, self.retentionDays) = (totalBytes, retentionDays)
    }
}
