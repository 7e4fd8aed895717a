import Fixtures
import Foundation
import Testing

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    @Test func theFuzzerOfSafetensorsStartsWithEveryTypeOfElement() throws {
        try Workplace.withFolder { folder in
            let checkpoints = try TinyCheckpoint.Encoding.allCases.map { encoding in
                try Data(
                    contentsOf: TinyCheckpoint(.bert, in: folder.appendingPathComponent("tiny"), encoding: encoding)
                        .folder.appendingPathComponent("model.safetensors"))
            }
            let header =
                #"{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"#
                + #""b":{"dtype":"BF16","shape":[1,1],"data_offsets":[4,6]},"#
                + #""c":{"dtype":"F32","shape":[],"data_offsets":[6,10]},"#
                + #""d":{"dtype":"I32","shape":[0,3],"data_offsets":[10,10]}}  "#
            let small =
                withUnsafeBytes(of: UInt64(header.utf8.count)) { Data($0) } + Data(header.utf8) + Data(count: 10)
            // A whole checkpoint is too long to be changed often in the right places, so one is enough.
            try FuzzSeeds.write("Safetensors", [small, checkpoints[0]] + checkpoints.map { $0.prefix(8192) })
        }
    }
}
