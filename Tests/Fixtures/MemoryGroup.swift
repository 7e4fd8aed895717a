import Foundation

/// A control group of the system that limits the memory of the processes in it, as a platform does.
public final class MemoryGroup {
    private let folder: URL
    private let isUnified: Bool

    private static let root: (folder: URL, isUnified: Bool)? = {
        let folder = URL(fileURLWithPath: "/sys/fs/cgroup")
        let controllers = try? String(
            contentsOf: folder.appendingPathComponent("cgroup.subtree_control"), encoding: .utf8)
        if controllers?.split(separator: " ").contains("memory") == true { return (folder, true) }
        let old = folder.appendingPathComponent("memory")
        let limit = old.appendingPathComponent("memory.use_hierarchy").path
        return FileManager.default.fileExists(atPath: limit) ? (old, false) : nil
    }()

    /// Whether this process may create a group.
    public static let isAvailable = root.map { FileManager.default.isWritableFile(atPath: $0.folder.path) } ?? false

    /// Creates a group.
    ///
    /// - Parameter limit: the most memory of all processes in the group, in bytes.
    /// - Throws: an error of Foundation if the group cannot be created.
    public init(limit: Int) throws {
        guard let root = Self.root else { throw Client.Failure() }
        isUnified = root.isUnified
        folder = root.folder.appendingPathComponent("pinson-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try write("\(limit)", to: isUnified ? "memory.max" : "memory.limit_in_bytes")
    }

    // A group is removed like an empty folder, once no process is in it.
    deinit {
        for _ in 0..<100 where rmdir(folder.path) != 0 { usleep(10_000) }
    }

    private func write(_ text: String, to file: String) throws {
        let handle = try FileHandle(forWritingTo: folder.appendingPathComponent(file))
        try handle.write(contentsOf: Data(text.utf8))
    }

    private func number(_ name: String, in file: String) -> Int {
        let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        let line = text?.split(separator: "\n").first { name.isEmpty || $0.hasPrefix("\(name) ") }
        return line.flatMap { Int($0.dropFirst(name.count).trimmingCharacters(in: .whitespaces)) } ?? -1
    }

    /// The number of processes in the group that the system has killed because the memory was full.
    public var kills: Int { number("oom_kill", in: isUnified ? "memory.events" : "memory.oom_control") }

    /// The most memory that the group had, in bytes.
    public var peak: Int { number("", in: isUnified ? "memory.peak" : "memory.max_usage_in_bytes") }

    /// The file to which a process writes 0 to enter the group.
    public var entrance: String { folder.appendingPathComponent("cgroup.procs").path }
}
