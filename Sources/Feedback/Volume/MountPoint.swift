import Glibc

/// What is mounted where.
enum MountPoint {
    /// The type of the file system that a path lies on, such as `ext4`, or nil if the system does not say it.
    static func fileSystem(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        guard let file = fopen("/proc/self/mounts", "re") else { return nil }
        defer { fclose(file) }
        var (line, capacity) = (nil as UnsafeMutablePointer<CChar>?, 0)
        defer { free(line) }
        var table = ""
        while getline(&line, &capacity, file) > 0, let line { table += String(cString: line) }
        return fileSystem(of: String(cString: resolved), in: table)
    }

    /// The type of the file system whose folder is the longest beginning of `path`; of equals, the last one.
    ///
    /// - Parameters:
    ///   - path: An absolute path without symbolic links.
    ///   - table: The lines of `/proc/self/mounts`: the source, the folder, the type, and more.
    /// - Returns: The type, or nil if the table has no such folder.
    static func fileSystem(of path: String, in table: String) -> String? {
        var best: (length: Int, type: String)?
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let folder = unescaped(fields[1])
            guard folder == "/" || path == folder || path.hasPrefix(folder + "/") else { continue }
            if best.map({ $0.length <= folder.utf8.count }) ?? true { best = (folder.utf8.count, String(fields[2])) }
        }
        return best?.type
    }

    /// A field without its escapes: a backslash and three octal digits stand for a byte, such as a space.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
