import Foundation
import NIOCore

extension FolderArtifacts: ArtifactStore {
    func put(_ file: String, as path: String) async throws { try copy(file, to: path) }

    func list(_ folder: String) async throws -> [String] {
        let base = folder.isEmpty ? root : "\(root)/\(try artifactPath(folder))"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        return names.sorted().map { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(base)/\(name)", isDirectory: &isFolder)
            return objectPath(folder, name) + (isFolder.boolValue ? "/" : "")
        }
    }

    func get(_ path: String, _ receive: (ByteBuffer) throws -> Void) async throws {
        let file = "\(root)/\(try artifactPath(path))"
        for try await bytes in try FilePart(file, offset: 0, size: try FilePart.size(of: file)) { try receive(bytes) }
    }

    func delete(_ path: String) async throws {
        let file = "\(root)/\(try artifactPath(path))"
        guard unlink(file) == 0 || errno == ENOENT else {
            throw TrackingError.file(path: file, action: "delete", reason: String(cString: strerror(errno)))
        }
    }
}
