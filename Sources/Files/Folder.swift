import Glibc

/// Creates a folder and the folders above it, where they do not exist.
///
/// - Parameter path: The folder.
/// - Throws: `FileError` if a folder cannot be created, for example because a file has its name.
public func createFolder(_ path: String) throws(FileError) {
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)[...]
    var current = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
    while let part = parts.popFirst() {
        current += String(decoding: part, as: UTF8.self) + "/"
        var status = stat()
        if stat(current, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
        guard mkdir(current, 0o777) == 0 || errno == EEXIST && stat(current, &status) == 0 else {
            throw FileError(path: path, action: .createFolder, errno: errno)
        }
    }
}
