public import Files
import Glibc

extension FolderVolume {
    /// A folder in this folder, which is created if it does not exist.
    ///
    /// - Parameter name: The name of the folder.
    /// - Returns: The folder.
    /// - Throws: `FileError` if it cannot be created.
    public func folder(_ name: String) throws(FileError) -> FolderVolume {
        let folder = FolderVolume(path: "\(path)/\(name)")
        guard mkdir(folder.path, 0o750) == 0 || errno == EEXIST else {
            throw FileError(path: folder.path, action: .createFolder, errno: errno)
        }
        return folder
    }

    /// Creates a file with all its bytes, unless the name exists.
    ///
    /// The file gets its name when it is complete, so a process that ends meanwhile leaves nothing under the name. Where
    /// the volume has no links, the file has its name from the beginning.
    ///
    /// - Parameters:
    ///   - name: The name of the file.
    ///   - bytes: The bytes.
    /// - Returns: The file, which is locked against other processes where the volume can do that, or nil if the name
    ///   exists.
    /// - Throws: `FileError` if the file cannot be created.
    public func publish(_ name: String, _ bytes: [UInt8]) throws(FileError) -> (any VolumeFile)? {
        let temporary = "\(name).\(hexadecimal(.random(in: 0...UInt64.max))).partial"
        let file = try create(temporary)
        defer { try? remove(temporary) }
        try file.append(bytes)
        try file.synchronize()
        if link("\(path)/\(temporary)", "\(path)/\(name)") == 0 {
            synchronizeNames()
            return file
        }
        if errno == EEXIST { return nil }
        guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EINVAL, EACCES].contains(errno) else {
            throw FileError(path: "\(path)/\(name)", action: .name, errno: errno)
        }
        return try fill(name, bytes)
    }
}
