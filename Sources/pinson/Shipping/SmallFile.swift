import ContainerImage
import Foundation

/// Reads all bytes of a small file.
///
/// - Throws: `ContainerImageError` that names the file and the reason.
func readSmallFile(_ path: String) throws -> Data {
    do {
        return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
        throw ContainerImageError.file(
            path: path, action: "read", reason: "the file does not exist or cannot be opened")
    }
}
