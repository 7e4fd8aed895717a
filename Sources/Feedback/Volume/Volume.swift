public import Files

/// The folder that keeps the log, as far as the log needs it.
///
/// `FolderVolume` is a folder of the system; tests have volumes that fail.
public protocol Volume: Sendable {
    /// Whether the volume is known to write a whole file again when bytes are added to it.
    var rewritesWholeFiles: Bool { get }

    /// The names of all files.
    ///
    /// - Returns: The names, without the folder.
    /// - Throws: `FileError` if the volume cannot be read.
    func names() throws(FileError) -> [String]

    /// All bytes of a file.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The bytes, or nil if the file no longer exists.
    /// - Throws: `FileError` if the file cannot be read.
    func contents(of name: String) throws(FileError) -> [UInt8]?

    /// The bytes of a file from a position on.
    ///
    /// - Parameters:
    ///   - name: The name of the file.
    ///   - start: The number of bytes that are left out.
    /// - Returns: The bytes, or nil if the file no longer exists.
    /// - Throws: `FileError` if the file cannot be read.
    func contents(of name: String, from start: Int) throws(FileError) -> [UInt8]?

    /// The size and the time of the last change of a file.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The size in bytes and the time, or nil if the file no longer exists.
    func status(of name: String) -> (size: Int, changed: FeedbackTime)?

    /// Creates a file that does not exist yet.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The file, which is locked against other processes where the volume can do that.
    /// - Throws: `FileError` if the file exists or cannot be created.
    func create(_ name: String) throws(FileError) -> any VolumeFile

    /// Creates a file with all its bytes, unless the name exists.
    ///
    /// - Parameters:
    ///   - name: The name of the file.
    ///   - bytes: The bytes.
    /// - Returns: The file, which is locked against other processes where the volume can do that, or nil if the name
    ///   exists.
    /// - Throws: `FileError` if the file cannot be created.
    func publish(_ name: String, _ bytes: [UInt8]) throws(FileError) -> (any VolumeFile)?

    /// Opens a file for more bytes, unless another process has it open.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The file, or nil if another process has it.
    /// - Throws: `FileError` if the file cannot be opened, for example because the volume refuses to append.
    func reopen(_ name: String) throws(FileError) -> (any VolumeFile)?

    /// Deletes a file, if it exists.
    ///
    /// - Parameter name: The name of the file.
    /// - Throws: `FileError` if the file cannot be deleted.
    func remove(_ name: String) throws(FileError)
}

/// A file that grows.
public protocol VolumeFile: AnyObject {
    /// The number of bytes.
    var size: Int { get }

    /// Writes bytes at the end.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: `FileError` if not all of them are taken.
    func append(_ bytes: [UInt8]) throws(FileError)

    /// Waits until all bytes have reached the disk.
    ///
    /// - Throws: `FileError` if they have not.
    func synchronize() throws(FileError)

    /// Removes the end of the file.
    ///
    /// - Parameter size: The number of bytes that stay.
    /// - Throws: `FileError` if the file cannot be cut.
    func truncate(to size: Int) throws(FileError)
}
