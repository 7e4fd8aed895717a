import Files
import Foundation
import NIOCore

/// A copy of a file in a layer.
///
/// It disappears with its last reference unless it is committed.
final class ExtractedFile {
    /// The path of the copy once it is committed.
    let path: String
    private var file: AtomicFile?

    /// Opens an empty file that gets a new name in `folder`.
    init(in folder: String) throws(FileError) {
        path = "\(folder)/\(UUID().uuidString)"
        file = try AtomicFile(path: path)
    }

    /// Writes `bytes` after those that were written before.
    func append(_ bytes: ByteBuffer) throws {
        try bytes.withUnsafeReadableBytes { try file?.append($0) }
    }

    /// Gives the file its name.
    func commit() throws(FileError) {
        if let file = file.take() { try file.commit() }
    }
}
