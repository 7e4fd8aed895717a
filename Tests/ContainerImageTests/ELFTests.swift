import Fixtures
import Foundation
import Testing

@testable import ContainerImage

@Suite struct ELFTests {
    @Test(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
    func aStaticProgramNeedsNoLibraries() throws {
        let elf = try ELF(path: Workplace.binary("function").path)
        #expect(elf.needed == [])
        #expect(elf.platform == .current)
    }

    @Test func theLibrariesOfADynamicProgramAreListed() throws {
        let needed = try ELF(path: "/bin/sh").needed
        #expect(needed.contains { $0.contains("ld-linux") })
        #expect(needed.contains { $0.hasPrefix("libc.so") })
    }

    @Test(arguments: [(UInt16(62), Platform.amd64), (183, .arm64)])
    func theProcessorIsReadFromTheHeader(machine: UInt16, platform: Platform) throws {
        try Workplace.withFolder { folder in
            let path = try write(header(machine: machine), in: folder)
            let elf = try ELF(path: path)
            #expect(elf.platform == platform)
        }
    }

    @Test func aFileThatIsNotAProgramIsRefusedWithAReason() throws {
        try Workplace.withFolder { folder in
            for (bytes, reason) in [
                ([], "0 bytes"), ([UInt8](repeating: 0, count: 100), "not a 64-bit"),
                (header(machine: 3), "machine is 3"),
            ] {
                let path = try write(bytes, in: folder)
                let error = #expect(throws: ContainerImageError.self) { try ELF(path: path) }
                #expect("\(try #require(error))".contains(reason))
            }
        }
    }

    @Test func aDamagedProgramNeverCrashes() throws {
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/bin/sh")))
        var random = Seeded(9)
        try Workplace.withFolder { folder in
            for _ in 0..<500 {
                var damaged = whole
                for _ in 0..<3 { damaged[Int(random.next() % 1024)] = UInt8(truncatingIfNeeded: random.next()) }
                if random.next() % 4 == 0 { damaged = Array(damaged.prefix(Int(random.next() % 2000))) }
                _ = try? ELF(path: try write(damaged, in: folder))
            }
        }
    }

    private func header(machine: UInt16) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
        bytes[16] = 2
        bytes[18] = UInt8(truncatingIfNeeded: machine)
        bytes[54] = 56
        return bytes
    }

    private func write(_ bytes: [UInt8], in folder: URL) throws -> String {
        let file = folder.appendingPathComponent("program")
        try Data(bytes).write(to: file)
        return file.path
    }
}
