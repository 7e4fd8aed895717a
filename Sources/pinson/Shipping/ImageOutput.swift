import ContainerImage
import Foundation
import NIOCore

/// The place where `image build` writes an image: a tar, an OCI layout folder, or stdout.
struct ImageOutput {
    /// A path, or `-` for stdout.
    let path: String

    var isStandardOutput: Bool { path == "-" }

    /// Writes the image, completely or not at all.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - reference: The name that the image has once it is loaded.
    ///   - created: The time of all entries, in seconds since 1970.
    /// - Throws: An error that names the file if it cannot be written.
    func write(_ image: ImageOrIndex, reference: Reference?, created: Int64) async throws {
        if isStandardOutput {
            for try await bytes in try Archive.content(image, reference: reference, modified: created) {
                try bytes.withUnsafeReadableBytes { try StandardOutput.write($0) }
            }
        } else if isFolder {
            try await Layout(path: path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path)
                .write(image, name: reference.map { "\($0)" })
        } else {
            try await Archive(path: path).write(image, reference: reference, modified: created)
        }
    }

    private var isFolder: Bool {
        var isFolder: ObjCBool = false
        return path.hasSuffix("/")
            || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
