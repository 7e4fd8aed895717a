import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

@Suite struct GzipTests {
    private func compressed(_ bytes: ByteBuffer, cores: Int = 2) async throws -> ByteBuffer {
        var result = ByteBuffer()
        try await Gzip.compress(try await Content(bytes).reader(), cores: cores) { chunk in
            var chunk = chunk
            result.writeBuffer(&chunk)
        }
        return result
    }

    private func inflated(_ bytes: ByteBuffer, chunk: Int = 1000) async throws -> ByteBuffer {
        var rest = bytes
        var result = ByteBuffer()
        let reader = Gzip.inflated(
            { rest.readableBytes == 0 ? nil : rest.readSlice(length: min(chunk, rest.readableBytes)) }, named: "test")
        while var bytes = try await reader() { result.writeBuffer(&bytes) }
        return result
    }

    @Test(arguments: [0, 1, 1000, 262_144, 1_000_000])
    func compressedBytesAreInflatedAgain(size: Int) async throws {
        for bytes in [SeededImage.bytes(size, seed: 1), ByteBuffer(repeating: 7, count: size)] {
            #expect(try await inflated(compressed(bytes)) == bytes)
        }
    }

    @Test(arguments: [524_287, 524_288, 524_289, 1_048_576, 3_000_000])
    func theNumberOfCoresDoesNotChangeTheResult(size: Int) async throws {
        var bytes = SeededImage.bytes(size / 3, seed: 4)
        bytes.writeRepeatingByte(9, count: size / 3)
        var tail = SeededImage.bytes(size - 2 * (size / 3), seed: 4)  // bytes that the dictionary can find
        bytes.writeBuffer(&tail)
        let one = try await compressed(bytes, cores: 1)
        for cores in [2, 3, 16] { #expect(try await compressed(bytes, cores: cores) == one) }
        #expect(try await inflated(one, chunk: 100_000) == bytes)
    }

    @Test(.enabled(if: Program.find("gzip") != nil, "needs gzip"))
    func gzipInflatesTheResult() async throws {
        try await Workplace.withFolder { folder in
            let bytes = SeededImage.bytes(1_200_000, seed: 6)
            let file = folder.appendingPathComponent("x.gz").path
            try await Content(compressed(bytes)).write(to: file)
            let result = try Program.run(try #require(Program.find("gzip")), ["-d", file])
            #expect(result.status == 0, "\(result.error)")
            #expect(FileManager.default.contents(atPath: String(file.dropLast(3))) == Data(bytes.readableBytesView))
        }
    }

    @Test func severalFramesAreReadAsOneStream() async throws {
        var two = try await compressed(ByteBuffer(string: "one "))
        var second = try await compressed(ByteBuffer(string: "two"))
        two.writeBuffer(&second)
        for chunk in [1, 7, 1000] { #expect(String(buffer: try await inflated(two, chunk: chunk)) == "one two") }
    }

    @Test func aFrameThatIsCutShortOrDamagedIsAnError() async throws {
        let whole = try await compressed(SeededImage.bytes(5000, seed: 2))
        for length in stride(from: 1, to: whole.readableBytes, by: 97) {
            let cut = try #require(whole.getSlice(at: 0, length: length))
            await #expect(throws: ContainerImageError.self) { try await inflated(cut) }
        }
        var damaged = whole
        damaged.setInteger(UInt8(whole.getInteger(at: 2500, as: UInt8.self) ?? 0) ^ 0x55, at: 2500)
        await #expect(throws: ContainerImageError.self) { try await inflated(damaged) }
    }

    @Test func theHeaderHasNoTimeAndNoName() async throws {
        let header = try #require(try await compressed(ByteBuffer(string: "x")).getBytes(at: 0, length: 8))
        #expect(header == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }
}
