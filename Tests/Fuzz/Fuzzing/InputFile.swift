import Glibc

/// A file in memory, for readers that take a path.
public struct InputFile: Sendable {
    /// The path, which no other process can open.
    public let path: String
    private let descriptor: Int32

    /// Creates an empty file, which exists until the process ends.
    public init() {
        let name = "/dev/shm/pinson-fuzz-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "cannot create \(name)")
        unlink(name)  // The system deletes it when it is closed.
        path = "/proc/self/fd/\(descriptor)"
    }

    /// Replaces the content.
    public func write(_ bytes: ArraySlice<UInt8>) {
        precondition(ftruncate(descriptor, 0) == 0, "cannot empty \(path)")
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        precondition(count == bytes.count, "cannot write \(path)")
    }
}
