import Foundation

/// The memory that this process may still use.
enum AvailableMemory {
    /// The bytes that the system can give, within the limit of the control group; nil if the system does not tell.
    static var bytes: Int? {
        let system = text("/proc/meminfo").flatMap { text in
            text.firstMatch(of: /MemAvailable:\s+(\d+) kB/).flatMap { Int($0.1) }.map { $0 * 1024 }
        }
        let limit = number("/sys/fs/cgroup/memory.max")
        let group = limit.map { $0 - (number("/sys/fs/cgroup/memory.current") ?? 0) }
        return [system, group].compactMap { $0 }.min()
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
}
