import Foundation

extension ScikitLearnExport {
    /// Whether `path` names a file, which is then expected to be an export, and not the folder of a checkpoint.
    ///
    /// - Parameter path: What the user gives to be packed.
    /// - Returns: True for anything that exists and is not a folder.
    public static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    private static let pickleNames: Set = ["pkl", "pickle", "joblib", "sav", "pt", "pth"]

    /// Checks that a file begins like a zip archive.
    ///
    /// - Throws: `PackagingError` that says what the user should do if it is a pickle or something else.
    static func checkKind(of path: String) throws {
        try CheckpointFile.check(path)
        let start = Array((try? FileHandle(forReadingAtPath: path)?.read(upToCount: 4)) ?? Data())
        if start.starts(with: Array("PK".utf8)), !isPickleName(path) { return }
        // A pickle of protocol 2 or newer begins with the byte 0x80 and the number of the protocol.
        if isPickleName(path) || start.first == 0x80 && start.count > 1 && (2...5).contains(start[1]) {
            throw PackagingError.pickle(path: path)
        }
        throw PackagingError.unreadable(
            path: path,
            reason: "it is neither a folder nor a file of pinson_export.py. Give the folder of the checkpoint")
    }

    private static func isPickleName(_ path: String) -> Bool {
        pickleNames.contains(URL(fileURLWithPath: path).pathExtension.lowercased())
    }
}
