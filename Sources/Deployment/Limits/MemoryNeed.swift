/// The memory that a platform must give an instance.
public struct MemoryNeed: Sendable {
    /// The bytes that the instance needs.
    public let bytes: Int64

    /// Adds up what an instance takes.
    ///
    /// All bytes of the files count. Some platforms, such as Cloud Run, keep the image in memory. On the others, an
    /// instance whose mapped files do not fit into its memory reads them from the disk again and again. Other memory
    /// counts 1.75 times as much as was measured under the full load, because it varies, and at least as 48 MiB.
    ///
    /// - Parameters:
    ///   - unpacked: The bytes of the unpacked image.
    ///   - mounted: The bytes of a model that is mounted.
    ///   - anonymous: The most memory under load that does not belong to a mapped file, in bytes.
    ///   - other: The bytes that the platform takes for itself, such as for writing to a bucket.
    public init(unpacked: Double, mounted: Double = 0, anonymous: Double, other: Int64 = 0) {
        bytes = Int64(unpacked + mounted + max(Double(48 << 20), 1.75 * anonymous)) + other
    }

    /// The smallest size that a target offers and that is large enough, or nil if there is none.
    ///
    /// A target without a list of sizes gives any number of bytes; it is rounded up to 16 MiB.
    public func size(on target: Target) -> Target.Size? {
        guard let sizes = target.sizes, !sizes.isEmpty else {
            let step: Int64 = 16 << 20
            return Target.Size(memory: (bytes + step - 1) / step * step, cpu: "1")
        }
        return sizes.first { $0.memory >= bytes }
    }
}
