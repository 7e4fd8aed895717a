import Files
import Glibc

extension Volume {
    /// Whether bytes can be added to a file that exists.
    ///
    /// - Parameter probe: The name of a file that does not exist.
    /// - Returns: Whether it was tried and worked.
    /// - Throws: `FileError` if the volume takes no file at all.
    func canAppend(probe: SegmentName) throws(FileError) -> Bool {
        if rewritesWholeFiles { return false }
        let name = "\(probe.file).probe"
        let file = try create(name)
        defer { try? remove(name) }
        try file.append([1])
        try file.synchronize()
        do {
            try file.append([2])
            try file.synchronize()
            guard try contents(of: name) == [1, 2] else { return false }
            return true
        } catch {
            // A volume without space or rights says nothing about appending.
            guard [ENOSPC, EDQUOT, EROFS, EACCES, EFBIG, ESTALE].contains(error.errno) else { return false }
            throw error
        }
    }
}
