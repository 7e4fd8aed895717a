import Glibc

/// The number of files and connections that this process may have open.
enum DescriptorLimit {
    /// Descriptors that are kept for the model, the log, the event loop and a file in `/proc`.
    static let reserve = 32

    /// Raises the limit as far as the system allows without special rights.
    ///
    /// - Returns: The number of connections that may be open.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return max(1, Int(clamping: limit.rlim_cur) - reserve)
    }
}
