import Files
import Fixtures
import Foundation
import Testing

@Suite struct AtomicFileTests {
    private func write(_ text: String, to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.append(Array(text.utf8))
        try file.commit()
    }

    @Test func aFileIsVisibleOnlyAfterCommit() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("file").path
            let file = try AtomicFile(path: path)
            try file.append(Array("complete".utf8))
            #expect(!FileManager.default.fileExists(atPath: path))
            try file.commit()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "complete")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        }
    }

    @Test func anAbandonedFileLeavesNothingAndKeepsTheOldOne() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("file").path
            try write("old", to: path)
            do {
                let file = try AtomicFile(path: path)
                try file.append(Array("new".utf8))
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        }
    }

    @Test func rewindOverwritesTheStart() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("file").path
            let file = try AtomicFile(path: path)
            try file.append(Array("....body".utf8))
            try file.rewind()
            try file.append(Array("head".utf8))
            try file.commit()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "headbody")
        }
    }

    @Test func theFileThatALinkPointsToIsReplaced() throws {
        try Workplace.withFolder { folder in
            let (target, link) = (folder.appendingPathComponent("target"), folder.appendingPathComponent("link"))
            try write("old", to: target.path)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            try write("new", to: link.path)
            #expect(try String(contentsOf: target, encoding: .utf8) == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
        }
    }

    @Test func aLinkMayPointToAFileThatDoesNotExistYet() throws {
        try Workplace.withFolder { folder in
            let link = folder.appendingPathComponent("link")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "target")
            try write("new", to: link.path)
            #expect(try String(contentsOf: folder.appendingPathComponent("target"), encoding: .utf8) == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "target")
        }
    }

    @Test func aDeviceIsWrittenToDirectly() throws {
        try write("nothing is kept", to: "/dev/null")
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test func aFolderThatIsMissingIsNamedWithAdvice() {
        let error = #expect(throws: FileError.self) { try write("", to: "/nowhere/file") }
        #expect(error == FileError(path: "/nowhere/file", action: .create, errno: ENOENT))
        #expect(
            error?.description == "/nowhere/file: cannot create the file: No such file or directory. "
                + "Create the folder first, or choose another path.")
    }

    @Test func aFullDeviceIsAnError() throws {
        let error = #expect(throws: FileError.self) { try write("x", to: "/dev/full") }
        #expect(error?.errno == ENOSPC)
    }

    @Test func aFolderIsNotReplaced() throws {
        try Workplace.withFolder { folder in
            // Before anything is written: the content may take hours to make.
            let error = #expect(throws: FileError.self) { _ = try AtomicFile(path: folder.path) }
            #expect(error?.errno == EISDIR)
            #expect(FileManager.default.fileExists(atPath: folder.path))
        }
    }
}
