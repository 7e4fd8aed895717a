import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    @Test func theFuzzerOfModelFilesStartsWithEveryArchitectureAndPrecision() throws {
        try Workplace.withFolder { folder in
            var seeds = [Data(try TinyFile.bytes(in: folder))]
            for architecture in TinyCheckpoint.Architecture.allCases {
                for precision in Precision.allCases {
                    let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"))
                    let output = folder.appendingPathComponent("model.gguf")
                    let options = Packer.Options(maxTokens: 16, precision: precision)
                    _ = try Packer.pack(checkpoint.folder.path, into: output.path, options)
                    seeds.append(try Data(contentsOf: output))
                }
            }
            try FuzzSeeds.write("ModelFile", seeds)
        }
    }
}
