public import Files
import Glibc

/// A folder of the system.
public struct FolderVolume: Volume {
    /// The path of the folder.
    public let path: String

    /// The folder at a path.
    ///
    /// - Parameter path: The path.
    public init(path: String) { self.path = path }

    /// Whether the folder is a bucket that gcsfuse has mounted.
    ///
    /// It accepts appends, but it uploads the whole object again for each of them.
    public var rewritesWholeFiles: Bool { MountPoint.fileSystem(of: path) == "fuse.gcsfuse" }

    private func path(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of all files, without folders.
    ///
    /// - Returns: The names.
    /// - Throws: `FileError` if the folder cannot be read.
    public func names() throws(FileError) -> [String] {
        guard let folder = opendir(path) else { throw FileError(path: path, action: .list, errno: errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if entry.pointee.d_type != UInt8(DT_DIR), name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// All bytes of a file.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The bytes, or nil if the file no longer exists.
    /// - Throws: `FileError` if the file cannot be read.
    public func contents(of name: String) throws(FileError) -> [UInt8]? { try contents(of: name, from: 0) }

    /// The bytes of a file from a position on.
    ///
    /// - Parameters:
    ///   - name: The name of the file.
    ///   - start: The number of bytes that are left out.
    /// - Returns: The bytes, or nil if the file no longer exists.
    /// - Throws: `FileError` if the file cannot be read.
    public func contents(of name: String, from start: Int) throws(FileError) -> [UInt8]? {
        let descriptor = open(path(name), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ESTALE { return nil }
            throw FileError(path: path(name), action: .read, errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: max(0, Int(status.st_size) - start))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled, start + filled)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: path(name), action: .read, errno: errno) }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// The size and the time of the last change of a file.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The size in bytes and the time, or nil if the file no longer exists.
    public func status(of name: String) -> (size: Int, changed: FeedbackTime)? {
        var status = stat()
        guard stat(path(name), &status) == 0 else { return nil }
        let changed = status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1_000_000
        return (Int(status.st_size), FeedbackTime(milliseconds: changed))
    }

    /// Creates a file that does not exist yet.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The file, which is locked against other processes where the volume can do that.
    /// - Throws: `FileError` if the file exists or cannot be created.
    public func create(_ name: String) throws(FileError) -> any VolumeFile {
        let descriptor = open(path(name), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw FileError(path: path(name), action: .create, errno: errno) }
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        synchronizeNames()
        return OpenFile(descriptor, path: path(name), size: 0)
    }

    /// Waits for the folder: the name of a file is durable only when its folder is.
    func synchronizeNames() {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    /// Opens a file for more bytes, unless another process has it open.
    ///
    /// - Parameter name: The name of the file.
    /// - Returns: The file, or nil if another process has it.
    /// - Throws: `FileError` if the file cannot be opened, for example because the volume refuses to append.
    public func reopen(_ name: String) throws(FileError) -> (any VolumeFile)? {
        let descriptor = open(path(name), O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path: path(name), action: .write, errno: errno) }
        var status = stat()
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
            close(descriptor)
            return nil
        }
        return OpenFile(descriptor, path: path(name), size: Int(status.st_size))
    }

    /// Deletes a file, if it exists.
    ///
    /// - Parameter name: The name of the file.
    /// - Throws: `FileError` if the file cannot be deleted.
    public func remove(_ name: String) throws(FileError) {
        guard unlink(path(name)) == 0 || errno == ENOENT else {
            throw FileError(path: path(name), action: .remove, errno: errno)
        }
    }
}
