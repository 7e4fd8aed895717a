import Glibc

/// Holds a folder for this process, until the last reference to the lock goes away or the process ends.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Waits until no other process holds the folder, and takes it; nil if the folder cannot be opened.
    convenience init?(waitingFor path: String) { self.init(path, LOCK_EX) }

    /// Takes the folder, or returns nil if another process holds it or the folder cannot be opened.
    ///
    /// - Parameter path: The path of the folder.
    public convenience init?(_ path: String) { self.init(path, LOCK_EX | LOCK_NB) }

    private init?(_ path: String, _ operation: Int32) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, operation) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}
