/// A platform or a registry that an image can be deployed to or stored in, and its limits.
public struct Target: Codable, Sendable {
    /// The name on the command line, such as `cloud-run`.
    public var name: String
    /// The title in reports.
    public var title: String
    /// The instance sizes that the platform offers, in ascending order of memory; nil if there is no fixed list.
    public var sizes: [Size]?
    /// The path of a program that only images for this target contain; nil if every image may be for this target.
    public var program: String?
    /// The limits of the target; a metric may have several.
    public var limits: [Limit]

    /// An instance size that a platform offers.
    public struct Size: Codable, Sendable {
        /// The memory in bytes.
        public var memory: Int64
        /// The number of CPUs, in the notation of the platform.
        public var cpu: String

        /// Creates a size.
        public init(memory: Int64, cpu: String) {
            self.memory = memory
            self.cpu = cpu
        }
    }
}

extension Sequence<Target> {
    /// The paths of the files that the limits of these targets ask for.
    public var wantedFiles: Set<String> {
        Set(flatMap(\.limits).filter { $0.metric == .file }.flatMap { $0.required ?? [] })
    }
}
