import Fixtures
import NIOCore
import Testing

@testable import ContainerImage

/// What a hostile image may cost: time, memory and disk space.
@Suite struct UnpackingBudgetTests {
    /// An image of one compressed layer with one file of zeros.
    private func zeros(_ size: Int, at path: String = "/zeros") async throws -> Image {
        let chunk = ByteBuffer(repeating: 0, count: 1 << 16)
        let content = Content(size: Int64(size)) { offset in
            var left = size - Int(offset)
            return {
                let count = min(left, chunk.readableBytes)
                left -= count
                return count > 0 ? chunk.getSlice(at: 0, length: count) : nil
            }
        }
        var files = FileTree()
        try files.add(path, content, mode: 0o444)
        return try Image.scratch(.amd64).appending(
            try await Layer(files, compression: .gzip, modified: 0, createdBy: ""))
    }

    @Test func bytesAreCountedWithoutUnpacking() async throws {
        let image = try await zeros(300 << 20)
        #expect(image.layers[0].descriptor.size < 2_000_000)
        let contents = try await ImageContents(of: image, keeping: ["/zeros": 0])
        #expect(contents.unpacked == 300 << 20)
        #expect(contents.found["/zeros"]?.size == 300 << 20)
    }

    @Test func aFileThatGrowsTooMuchIsNotCopied() async throws {
        let large = try await ImageContents(of: zeros(300 << 20), keeping: ["/zeros": .max])
        #expect(large.found["/zeros"]?.size == 300 << 20)
        #expect(large.found["/zeros"]?.descriptor == nil)
        // A small file may compress as well as it likes, and the start of a large one is small.
        for (size, kept) in [(30 << 20, Int64.max), (300 << 20, 1 << 20)] {
            let image = try await zeros(size)
            #expect(try await ImageContents(of: image, keeping: ["/zeros": kept]).found["/zeros"]?.descriptor != nil)
        }
    }

    /// The size that a manifest claims does not count, because the bytes may never come.
    @Test func copiesMayTakeSixteenTimesWhatWasRead() {
        let budget = UnpackingBudget()
        #expect(budget.mayCopy(64 << 20))
        #expect(!budget.mayCopy(1))
        budget.read(5 << 20)
        #expect(budget.mayCopy(15 << 20))
        #expect(!budget.mayCopy(1 << 20))
    }

    @Test func anImageThatUnpacksToMoreThanTheBudgetIsAnError() async throws {
        let image = try await zeros(100 << 20)
        for budget in [UnpackingBudget(bytes: 99 << 20), .init(bytes: 1 << 20)] {
            let error = await #expect(throws: ContainerImageError.self) {
                try await ImageContents(of: image, within: budget)
            }
            let message = "\(try #require(error))"
            #expect(message.contains("the image unpacks to more than"), "\(message)")
            await #expect(throws: ContainerImageError.self) { try await image.verify(within: budget) }
        }
    }

    @Test func oneBudgetServesAllImages() async throws {
        let image = try await zeros(60 << 20)
        let budget = UnpackingBudget(bytes: 100 << 20)
        _ = try await ImageContents(of: image, within: budget)
        await #expect(throws: ContainerImageError.self) { try await ImageContents(of: image, within: budget) }
    }

    @Test func moreEntriesThanTheBudgetAreAnError() async throws {
        let image = try Image.scratch(.amd64).appending(RawLayer.layer(paths: (0..<100).map { "folder/\($0)" }))
        _ = try await ImageContents(of: image, within: UnpackingBudget(entries: 101))
        let error = await #expect(throws: ContainerImageError.self) {
            try await ImageContents(of: image, within: UnpackingBudget(entries: 100))
        }
        let message = "\(try #require(error))"
        #expect(message.contains("the image has more than 100 files and folders"), "\(message)")
    }

    @Test(arguments: [
        String(repeating: "a/", count: 3000) + "b", String(repeating: "x", count: 300),
    ])
    func aPathThatLinuxDoesNotAllowIsAnError(path: String) async throws {
        let image = try Image.scratch(.amd64).appending(RawLayer.layer(paths: [path]))
        let error = await #expect(throws: ContainerImageError.self) { try await ImageContents(of: image) }
        let message = "\(try #require(error))"
        #expect(message.contains("Linux allows 4096 for a path and 255 for each of its names"), "\(message)")
    }

    /// The time of a quadratic algorithm would be hundreds of times as long.
    @Test func theTimeIsLinearInTheNumberOfFiles() async throws {
        func seconds(_ count: Int) async throws -> Double {
            let image = try Image.scratch(.amd64)
                .appending(RawLayer.layer(paths: (0..<count).map { "folder\($0 % 100)/\($0)" }))
                .appending(
                    RawLayer.layer(paths: (0..<count).map { "folder\($0 % 100)/\($0 % 2 == 0 ? ".wh." : "")\($0)" }))
            let start = ContinuousClock.now
            let contents = try await ImageContents(of: image)
            #expect(contents.files.count == 100)
            return (.now - start) / .seconds(1)
        }
        let (few, many) = (try await seconds(2000), try await seconds(40_000))
        #expect(many < 60 * few, "20 times as many files took \(many / few) times as long")
    }
}
