public import Files
import Glibc

extension Volume {
    /// The bytes of a file from a position on.
    ///
    /// - Parameters:
    ///   - name: The name of the file.
    ///   - start: The number of bytes that are left out.
    /// - Returns: The bytes, or nil if the file no longer exists.
    /// - Throws: `FileError` if the file cannot be read.
    public func contents(of name: String, from start: Int) throws(FileError) -> [UInt8]? {
        try contents(of: name).map { Array($0.dropFirst(start)) }
    }

    /// Creates a file with all its bytes, unless the name exists.
    ///
    /// - Parameters:
    ///   - name: The name of the file.
    ///   - bytes: The bytes.
    /// - Returns: The file, which is locked against other processes where the volume can do that, or nil if the name
    ///   exists.
    /// - Throws: `FileError` if the file cannot be created.
    public func publish(_ name: String, _ bytes: [UInt8]) throws(FileError) -> (any VolumeFile)? {
        try fill(name, bytes)
    }

    /// Creates a file under its name, unless the name exists, and fills it.
    ///
    /// A process that ends meanwhile leaves a file without all bytes.
    func fill(_ name: String, _ bytes: [UInt8]) throws(FileError) -> (any VolumeFile)? {
        let file: any VolumeFile
        do {
            file = try create(name)
        } catch {
            if error.errno == EEXIST { return nil }
            throw error
        }
        do {
            try file.append(bytes)
            try file.synchronize()
        } catch {
            try? remove(name)
            throw error
        }
        return file
    }
}
