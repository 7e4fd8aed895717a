/// The operating system and the processor that a program is for, such as `linux/arm64/v8`.
public struct Platform: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The processor architecture as Go names it: `amd64`, `arm64`.
    public var architecture: String
    /// The operating system as Go names it: `linux`.
    public var os: String
    /// The variant of the architecture, such as `v8`.
    public var variant: String?

    /// Names a platform.
    ///
    /// - Parameters:
    ///   - architecture: The processor architecture as Go names it.
    ///   - os: The operating system as Go names it.
    ///   - variant: The variant of the architecture.
    public init(architecture: String, os: String = "linux", variant: String? = nil) {
        self.architecture = architecture
        self.os = os
        self.variant = variant
    }

    /// Linux on x86-64.
    public static let amd64 = Platform(architecture: "amd64")
    /// Linux on 64-bit Arm.
    public static let arm64 = Platform(architecture: "arm64")

    /// The platform of this process.
    public static var current: Platform {
        #if arch(arm64)
            .arm64
        #else
            .amd64
        #endif
    }

    /// The parts of the name, separated by slashes.
    public var description: String { [os, architecture, variant].compactMap { $0 }.joined(separator: "/") }

    /// Whether an image for `other` runs here; variants are compared only if both platforms have one.
    func accepts(_ other: Platform) -> Bool {
        os == other.os && architecture == other.architecture
            && (variant == nil || other.variant == nil || variant == other.variant)
    }
}
