import Fixtures
import Foundation
import Testing

@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct BinaryTests {
    @Test func theFunctionIsAtMostSeventeenMegabytes() throws {
        let size = try FileManager.default.attributesOfItem(atPath: Workplace.binary("function").path)[.size] as? Int
        #expect(try #require(size) <= 17_000_000)
    }

    @Test(arguments: ["function", "pinson"])
    func aBinaryNeedsNoOtherFile(name: String) throws {
        let types = try programHeaderTypes(of: Data(contentsOf: Workplace.binary(name), options: .alwaysMapped))
        #expect(types.contains(1), "no PT_LOAD: not an executable")
        #expect(!types.contains(2), "PT_DYNAMIC: it is linked dynamically")
        #expect(!types.contains(3), "PT_INTERP: it wants a dynamic linker")
    }

    @Test func theFunctionHoldsNoFoundation() throws {
        let function = try Data(contentsOf: Workplace.binary("function"), options: .alwaysMapped)
        let pinson = try Data(contentsOf: Workplace.binary("pinson"), options: .alwaysMapped)
        let name = Data("FoundationEssentials".utf8)  // in the metadata of its types, which stripping leaves
        #expect(pinson.range(of: name) != nil, "the mark of Foundation is no longer there: find another")
        #expect(function.range(of: name) == nil)
        // Searching for a string in a string pulls in more than a megabyte of regular expressions.
        let expressions = Data("_RegexParser".utf8)
        #expect(
            pinson.range(of: expressions) != nil, "the mark of regular expressions is no longer there: find another")
        #expect(function.range(of: expressions) == nil)
    }

    @Test func theFunctionHasNoTablesForUnwinding() throws {
        let types = try programHeaderTypes(of: Data(contentsOf: Workplace.binary("function"), options: .alwaysMapped))
        #expect(!types.contains(0x6474_E550), "PT_GNU_EH_FRAME: the linker has kept megabytes that nothing reads")
    }

    /// `p_type` of each program header of a 64-bit little-endian ELF file.
    private func programHeaderTypes(of file: Data) throws -> [UInt32] {
        try file.withUnsafeBytes { bytes in
            try #require(bytes.prefix(6).elementsEqual([0x7F, 0x45, 0x4C, 0x46, 2, 1]))
            let offset = Int(bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
            let size = Int(bytes.loadUnaligned(fromByteOffset: 54, as: UInt16.self))
            let count = Int(bytes.loadUnaligned(fromByteOffset: 56, as: UInt16.self))
            return (0..<count).map { bytes.loadUnaligned(fromByteOffset: offset + $0 * size, as: UInt32.self) }
        }
    }
}
