import Glibc

/// The processor time this process may use: the smallest quota of its control groups, or the CPUs it may run on.
public struct CPUQuota: Sendable, Equatable {
    /// CPUs, possibly a fraction of one.
    public let cpus: Double

    public init(cpus: Double) { self.cpus = cpus }

    /// The number of threads that have work of their own to do: the quota rounded up.
    public var cores: Int { max(1, Int(cpus.rounded(.up))) }

    /// The number of threads that wait for one another in a pass: the quota rounded down, as a part of a CPU spent on
    /// waiting is lost to the work.
    public var wholeCores: Int { max(1, Int(cpus)) }

    /// What holds for this process now.
    public static var current: CPUQuota { CPUQuota(root: "") }

    /// - Parameter root: the folder in which `proc` and `sys` lie.
    init(root: String) {
        var least = Double(max(1, Self.allowedCPUs(root: root)))
        let groups = text(of: "\(root)/proc/self/cgroup") ?? ""
        for line in groups.split(separator: "\n") {
            // id:controllers:path; version 2 has no controllers
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

    /// `cpu.max`: "max 100000" or "50000 100000", microseconds of each period.
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

    /// How many CPUs the scheduler lets this process run on: the bits of `Cpus_allowed`.
    private static func allowedCPUs(root: String) -> Int {
        let status = text(of: "\(root)/proc/self/status") ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return 1 }
        return line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    }
}

/// A small file as text, or nil.
private func text(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
        let count = read(file, buffer.baseAddress, buffer.count)
        return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(buffer).prefix(count), as: UTF8.self)
    }
}
