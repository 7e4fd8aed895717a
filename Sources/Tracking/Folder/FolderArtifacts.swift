import Files
import Foundation
import Glibc

/// Artifacts in a folder of this machine.
struct FolderArtifacts: Sendable {
    /// The absolute path of the folder.
    let root: String

    /// Copies a file into the folder: completely or not at all, and never as a whole in memory.
    func copy(_ file: String, to path: String) throws(TrackingError) {
        let path = "\(root)/\(try artifactPath(path))"
        let source = open(file, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .file(path: file, action: "open", reason: String(cString: strerror(errno))) }
        defer { close(source) }
        try FolderFile.create(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        do {
            let copy = try AtomicFile(path: path)
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = read(source, &buffer, buffer.count)
                guard count != 0 else { break }
                if count < 0 {
                    guard errno == EINTR else { throw FileError(path: file, action: .write, errno: errno) }
                    continue
                }
                try copy.append(Array(buffer[..<count]))
            }
            try copy.commit()
        } catch let error as FileError {
            throw .file(path: path, action: "write", reason: String(cString: strerror(error.errno)))
        } catch {
            throw .file(path: path, action: "write", reason: "\(error)")
        }
    }

    /// The paths and sizes of all files in the folder.
    func files() -> [(path: String, size: Int64)] {
        let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return paths.sorted().compactMap { path in
            var status = stat()
            guard stat("\(root)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return (path, Int64(status.st_size))
        }
    }
}
