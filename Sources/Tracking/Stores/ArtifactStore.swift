public import NIOCore

/// Files at one address: those of a run or a model, or a folder of a store of objects.
///
/// Paths are relative, with slashes. No file is ever in memory as a whole.
public protocol ArtifactStore: Sendable {
    /// Stores a copy of a file.
    ///
    /// - Parameters:
    ///   - file: The path of the file on this machine.
    ///   - path: The path in the store.
    /// - Throws: `TrackingError` if the file cannot be read, or the store cannot be reached or refuses.
    func put(_ file: String, as path: String) async throws

    /// Fetches a file in pieces.
    ///
    /// - Parameters:
    ///   - path: The path in the store.
    ///   - receive: Receives the pieces in order. What it has received counts only if this function returns.
    /// - Throws: `TrackingError` if the file does not exist, changes meanwhile, or is not what was stored, and the error of
    ///   `receive`.
    func get(_ path: String, _ receive: (ByteBuffer) throws -> Void) async throws

    /// Lists a folder.
    ///
    /// - Parameter folder: The path of the folder, or an empty text for the root.
    /// - Returns: The paths of what the folder contains, sorted; those of folders end in a slash. A folder that does not
    ///   exist contains nothing.
    /// - Throws: `TrackingError` if the store cannot be reached or refuses.
    func list(_ folder: String) async throws -> [String]

    /// Deletes a file, if it exists.
    ///
    /// - Parameter path: The path in the store.
    /// - Throws: `TrackingError` if the store cannot be reached or refuses.
    func delete(_ path: String) async throws
}
