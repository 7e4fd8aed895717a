import Fixtures
import Foundation
import Testing

/// Guards the kernels against getting slower: instructions are the same whatever else the machine does.
@Suite(
    .enabled(
        if: Workplace.hasBinaries && Program.find("valgrind") != nil, "needs the binaries of `make build`, and valgrind"
    ))
struct InstructionCountTests {
    /// Instructions of the whole program for a number of passes over 32 tokens; valgrind knows up to AVX2.
    private func instructions(passes: Int) throws -> Int {
        try Workplace.withFolder { folder in
            let model = Workplace.repository.appendingPathComponent("function/model/model.gguf").path
            let result = try Program.run(
                try #require(Program.find("valgrind")),
                [
                    "--tool=callgrind", "--callgrind-out-file=\(folder.appendingPathComponent("out").path)",
                    Workplace.binary("pinson").path, "bench", model, "--lengths", "32", "--runs", "\(passes)", "--json",
                ])
            try #require(result.status == 0, "\(result.error)")
            try #require(result.output.contains("avx2"))
            let count = try #require(result.error.firstMatch(of: /Collected : (\d+)/)).1
            return try #require(Int(count))
        }
    }

    @Test(.enabled(if: InstructionCountTests.hasAVX2, "needs a CPU with AVX2"))
    func aPassTakesNoMoreInstructionsThanItDid() throws {
        let pass = try (instructions(passes: 3) - instructions(passes: 1)) / 2
        // 78.5 million with Swift 6.3.1: four products an instruction, all else included. A tenth is left to compilers.
        // (73.2 before weights were fetched ahead here too: a comparison a step.)
        #expect(pass < 86_000_000)
        #expect(pass > 40_000_000, "so few that the measurement must be wrong")
    }

    private static let hasAVX2 =
        (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains(" avx2 ") ?? false
}
