import Glibc

/// The machine or container that writes a log.
///
/// A process that starts again in the same container is the same instance.
public struct FeedbackInstance: Equatable, Sendable {
    /// A name for people.
    public let name: String
    /// 16 hexadecimal digits for the names of files.
    let key: String

    /// Describes an instance.
    ///
    /// - Parameters:
    ///   - host: The name of the host.
    ///   - boot: What distinguishes hosts with the same name, such as the identifier of the boot.
    public init(host: String, boot: String) {
        // The hash FNV-1a.
        let hash = "\(host)\n\(boot)".utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        key = hexadecimal(hash)
        name = "\(host)-\(key.prefix(8))"
    }

    /// The instance that this process runs in.
    public static let current: FeedbackInstance = {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        var boot = [UInt8](repeating: 0, count: 64)
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            _ = read(descriptor, &boot, boot.count)
            close(descriptor)
        }
        return FeedbackInstance(
            host: String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
            boot: String(decoding: boot.prefix { $0 > 0x20 }, as: UTF8.self))
    }()
}
