import Files
import Fixtures
import Foundation
import Testing

@Suite struct FolderTests {
    @Test func foldersAreCreatedWhereTheyDoNotExist() throws {
        try Workplace.withFolder { folder in
            for path in ["a", "a/b/c/", "a//b/../d", "\u{301}x/\u{600}y"] {
                let path = folder.path + "/" + path
                try createFolder(path)
                try createFolder(path)
                var isFolder: ObjCBool = false
                #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue)
            }
        }
    }

    @Test func aFileInTheWayIsNamed() throws {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            try Data().write(to: URL(fileURLWithPath: file))
            for path in [file, file + "/below"] {
                let error = #expect(throws: FileError.self) { try createFolder(path) }
                #expect(error?.action == .createFolder)
                #expect(error?.description.hasPrefix("\(path): cannot create the folder: ") == true)
                #expect(
                    error?.description.contains("A part of the path is a file") == true, "\(error?.description ?? "")")
            }
        }
    }

    /// A combining mark after a slash forms one character with it.
    @Test func aNameThatStartsWithACombiningMarkIsAFileInItsFolder() throws {
        try Workplace.withFolder { folder in
            let path = folder.path + "/\u{301}x"
            let file = try AtomicFile(path: path)
            try file.append(Array("content".utf8))
            try file.commit()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "content")
        }
    }
}
