import Glibc

/// The processor time that this process may use: the smallest quota of its control groups, or the CPUs it may run on.
public struct CPUQuota: Sendable, Equatable {
    /// The number of CPUs, which may be a fraction.
    public let cpus: Double

    /// Creates a quota.
    ///
    /// - Parameter cpus: The number of CPUs, above zero.
    public init(cpus: Double) { self.cpus = cpus }

    /// The number of independent workers that the quota keeps busy: the quota rounded up.
    public var cores: Int { max(1, Int(cpus.rounded(.up))) }

    /// The number of threads that share one pass: the quota rounded down.
    ///
    /// Threads of a pass wait for each other, and a fraction of a CPU would make all of them wait.
    public var wholeCores: Int { max(1, Int(cpus)) }

    /// The quota of this process.
    public static var current: CPUQuota { CPUQuota(root: "") }

    /// Reads the quota from the system's files.
    ///
    /// - Parameter root: The folder that holds `proc` and `sys`.
    init(root: String) {
        var least = Double(max(1, Self.allowedCPUs(root: root)))
        let groups = text(of: "\(root)/proc/self/cgroup") ?? ""
        for line in groups.split(separator: "\n") {
            // The line is id:controllers:path. Version 2 of control groups names no controllers.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isVersion2 = parts[1].isEmpty
            guard isVersion2 || parts[1].split(separator: ",").contains("cpu") else { continue }
            let mount = isVersion2 ? "\(root)/sys/fs/cgroup" : "\(root)/sys/fs/cgroup/cpu"
            var path = parts[2]
            while true {
                if let quota = isVersion2 ? Self.version2(mount + path) : Self.version1(mount + path) {
                    least = min(least, quota)
                }
                guard let slash = path.lastIndex(of: "/"), path != "/" else { break }
                path = slash == path.startIndex ? "/" : path[..<slash]
            }
        }
        cpus = least
    }

    /// Reads `cpu.max`, which is "max 100000" or "50000 100000": microseconds in each period.
    private static func version2(_ folder: String) -> Double? {
        guard let parts = text(of: "\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace), parts.count == 2,
            let quota = Double(parts[0]), let period = Double(parts[1]), quota > 0, period > 0
        else { return nil }
        return quota / period
    }

    private static func version1(_ folder: String) -> Double? {
        func number(_ name: String) -> Double? {
            text(of: "\(folder)/\(name)").flatMap { $0.split(whereSeparator: \.isWhitespace).first }.flatMap {
                Double($0)
            }
        }
        guard let quota = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"), quota > 0, period > 0
        else { return nil }
        return quota / period
    }

    /// The number of CPUs on which this process may run: the bits of `Cpus_allowed`.
    private static func allowedCPUs(root: String) -> Int {
        let status = text(of: "\(root)/proc/self/status") ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return 1 }
        return line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    }
}

/// The text of a small file, or nil if it cannot be read.
private func text(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
        let count = read(file, buffer.baseAddress, buffer.count)
        return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(buffer).prefix(count), as: UTF8.self)
    }
}
