import Fixtures
import NIOCore

@testable import ContainerImage

/// Images with pseudorandom files, the same for the same seed.
enum SeededImage {
    static func bytes(_ count: Int, seed: UInt64) -> ByteBuffer {
        var random = Seeded(seed)
        return ByteBuffer(bytes: (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    /// An image of three layers, the middle one not compressed, with one file of `size` bytes each.
    static func image(_ seed: UInt64 = 1, size: Int = 300_000, platform: Platform = .amd64) async throws -> Image {
        var image = try Image.scratch(platform)
        for (index, compression) in [Compression.gzip, .none, .gzip].enumerated() {
            var files = FileTree()
            try files.add(
                "/opt/layer\(index)/file", Content(bytes(size, seed: seed &* 10 + UInt64(index))), mode: 0o644)
            image = try image.appending(
                try await Layer(files, compression: compression, modified: 0, createdBy: "layer \(index)"))
        }
        return try image.configured { configuration in
            configuration.config = .init()
            configuration.config?.user = "65532"
        }
    }
}
