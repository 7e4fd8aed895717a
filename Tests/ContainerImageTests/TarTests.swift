import Fixtures
import Foundation
import NIOCore
import Testing

@testable import ContainerImage

@Suite struct TarTests {
    private func entries(_ tar: Content) async throws -> [(TarHeader, ByteBuffer)] {
        var reader = TarReader(try await ByteStream(tar), named: "test")
        var entries: [(TarHeader, ByteBuffer)] = []
        while let header = try await reader.next() {
            var bytes = ByteBuffer()
            while var chunk = try await reader.read() { bytes.writeBuffer(&chunk) }
            entries.append((header, bytes))
        }
        return entries
    }

    private func bytes(_ content: Content) async throws -> ByteBuffer {
        try await content.collect(upTo: 1 << 24, named: "test")
    }

    @Test func aPathOfAnyLengthIsReadBack() async throws {
        for length in [1, 54, 98, 99, 100, 101, 154, 155, 156, 255, 256, 257, 300] {
            for separator in length > 1 ? ["", "/"] : [""] {
                let name =
                    "/" + String(repeating: "n", count: length / 2) + separator
                    + String(repeating: "m", count: length - length / 2)
                var files = FileTree()
                try files.add(name, Content(ByteBuffer(string: "\(length)")), mode: 0o444)
                let found = try #require(try await entries(files.tar(modified: 0)).last)
                #expect("/\(found.0.path)" == name)
                #expect(String(buffer: found.1) == "\(length)")
            }
        }
    }

    @Test(arguments: ["/données/modèle 😀.gguf", "/a b/c\td"])
    func namesOutsideASCIIAreReadBack(name: String) async throws {
        var files = FileTree()
        try files.add(name, Content(ByteBuffer()), mode: 0o444)
        #expect(try await entries(files.tar(modified: 0)).last?.0.path == String(name.dropFirst()))
    }

    @Test func parentsComeOnceBeforeTheirChildrenAndEntriesAreSortedByBytes() async throws {
        var files = FileTree()
        for path in ["/z", "/b/x", "/b/a/y", "/é", "/b-c"] { try files.add(path, Content(ByteBuffer()), mode: 0o444) }
        let found = try await entries(files.tar(modified: 0))
        #expect(found.map(\.0.path) == ["b", "b-c", "b/a", "b/a/y", "b/x", "z", "é"])
        #expect(found.map(\.0.kind) == [.directory, .file, .directory, .file, .file, .file, .file])
        #expect(found.map(\.0.mode) == [0o755, 0o444, 0o755, 0o444, 0o444, 0o444, 0o444])
    }

    @Test(arguments: 0..<4)
    func aFileOfAnySizeIsPaddedToABlock(seed: Int) async throws {
        for size in [0, 1, 511, 512, 513, 1023, 1024, Content.chunk - 1, Content.chunk, Content.chunk + 1] {
            var files = FileTree()
            let content = SeededImage.bytes(size, seed: UInt64(seed))
            try files.add("/f", Content(content), mode: 0o444)
            let tar = files.tar(modified: 0)
            #expect(tar.size == Int64(512 + (size + 511) / 512 * 512 + 1024))
            #expect(try await bytes(tar).readableBytes == Int(tar.size))
            #expect(try await entries(tar).first?.1 == content)
        }
    }

    @Test func aSizeOfMoreThanEightGigabytesIsWrittenInAnExtendedHeader() throws {
        let header = TarHeader(path: "big", kind: .file, size: 9 << 30, mode: 0o444)
        let text = String(buffer: header.encoded())
        #expect(text.contains("19 size=9663676416\n"))
        #expect(header.encoded().readableBytes == 3 * 512)
    }

    @Test func readingFromAnyOffsetGivesTheSameBytes() async throws {
        var files = FileTree()
        for index in 0..<5 {
            try files.add("/\(index)", Content(SeededImage.bytes(1000 * index, seed: 3)), mode: 0o444)
        }
        let tar = files.tar(modified: 0)
        let all = try await bytes(tar)
        for offset in [0, 1, 511, 512, 700, 3000, Int(tar.size) - 1, Int(tar.size)] {
            var rest = ByteBuffer()
            let reader = try await tar.reader(from: Int64(offset))
            while var chunk = try await reader() { rest.writeBuffer(&chunk) }
            #expect(rest == all.getSlice(at: offset, length: all.readableBytes - offset))
        }
    }

    @Test(arguments: ["model", "/", "/a/../b", "/./a", "/a/", ""])
    func anInvalidPathIsRefused(path: String) throws {
        var files = FileTree()
        #expect(throws: ContainerImageError.self) { try files.add(path, Content(ByteBuffer()), mode: 0o444) }
    }

    @Test func twoFilesWithTheSamePathAreRefused() throws {
        var files = FileTree()
        try files.add("/a/b", Content(ByteBuffer()), mode: 0o444)
        #expect(throws: ContainerImageError.self) { try files.add("/a/b", Content(ByteBuffer()), mode: 0o444) }
        #expect(throws: ContainerImageError.self) { try files.add("/a/b/c", Content(ByteBuffer()), mode: 0o444) }
        #expect(throws: ContainerImageError.self) { try files.add("/a", Content(ByteBuffer()), mode: 0o444) }
    }

    @Test func aDamagedTarNeverCrashes() async throws {
        var files = FileTree()
        try files.add(
            "/" + String(repeating: "long/", count: 60) + "é", Content(SeededImage.bytes(700, seed: 1)), mode: 0o444)
        let whole = Array(try await bytes(files.tar(modified: 0)).readableBytesView)
        var random = Seeded(5)
        for _ in 0..<2000 {
            var damaged = whole
            for _ in 0..<(1 + random.next() % 4) {
                damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 3 == 0 { damaged.removeLast(Int(random.next() % UInt64(damaged.count))) }
            _ = try? await entries(Content(ByteBuffer(bytes: damaged)))
        }
    }

    @Test(.enabled(if: Python.has("tarfile"), "needs Python"))
    func pythonReadsTheSameEntries() async throws {
        try await Workplace.withFolder { folder in
            var files = FileTree()
            try files.add(
                "/" + String(repeating: "x", count: 200) + "/é", Content(ByteBuffer(string: "one")), mode: 0o555)
            try files.add("/model/model.gguf", Content(ByteBuffer(string: "two")), mode: 0o444)
            let path = folder.appendingPathComponent("t.tar").path
            try await files.tar(modified: 86_400).write(to: path)
            let script = """
                import sys, tarfile
                for m in tarfile.open(sys.argv[1]): print(m.name, oct(m.mode), m.uid, m.gid, m.mtime, m.uname, m.size)
                """
            let long = String(repeating: "x", count: 200)
            #expect(
                try Python.run(script, path) == """
                    model 0o755 0 0 86400  0
                    model/model.gguf 0o444 0 0 86400  3
                    \(long) 0o755 0 0 86400  0
                    \(long)/é 0o555 0 0 86400  3

                    """)
        }
    }
}
