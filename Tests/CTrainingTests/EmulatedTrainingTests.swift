import Fixtures
import Foundation
import Testing

/// The training kernels of another architecture, cross-compiled and run under an emulator.
@Suite("Training kernels of AArch64") struct EmulatedTrainingTests {
    private static let clang = Program.find("clang")
    private static let linker = Program.find("aarch64-linux-gnu-gcc")
    private static let emulator = Program.find("qemu-aarch64", "qemu-aarch64-static")

    @Test(
        .enabled(
            if: clang != nil && linker != nil && emulator != nil,
            "needs clang, gcc-aarch64-linux-gnu and qemu-user"))
    func theAArch64KernelsHaveTheSameBits() throws {
        let clang = try #require(Self.clang)
        let sources = Workplace.repository.appendingPathComponent("Sources/CTraining")
        let files = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".c") }
            .map { sources.appendingPathComponent($0).path }
        let program = Workplace.repository.appendingPathComponent("Tests/CTrainingTests/Emulated/compare.c").path
        try Workplace.withFolder { folder in
            let objects = try (files + [program]).enumerated().map { index, file in
                let object = folder.appendingPathComponent("\(index).o").path
                let compiled = try Program.run(
                    clang,
                    [
                        "--target=aarch64-linux-gnu", "--sysroot=/", "-isystem", "/usr/aarch64-linux-gnu/include",
                        "-O2",
                        "-Wall", "-Wextra", "-Werror", "-I", sources.path + "/include", "-c", file, "-o", object,
                    ])
                #expect(compiled.status == 0, "\(compiled.error)")
                return object
            }
            let binary = folder.appendingPathComponent("compare").path
            let linked = try Program.run(try #require(Self.linker), ["-static"] + objects + ["-lm", "-o", binary])
            #expect(linked.status == 0, "\(linked.error)")
            let result = try Program.run(try #require(Self.emulator), ["-cpu", "max", binary])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(result.output.hasPrefix("neon\n"))
            #expect(result.output.hasSuffix("349 comparisons, 0 differ\n"))
        }
    }
}
