import CloudRunFiles
import Testing

@testable import Deployment

/// How much memory `deploy` asks for.
@Suite struct MemoryNeedTests {
    @Test(arguments: [
        (38e6, 0.0, 1e6, 38_000_000 + 48 << 20), (38e6, 0, 64e6, 150_000_000), (14e6, 24e6, 64e6, 150_000_000),
    ])
    func filesCountInFullAndTheRestGetsThreeQuartersMore(
        unpacked: Double, mounted: Double, anonymous: Double, bytes: Int
    ) {
        #expect(MemoryNeed(unpacked: unpacked, mounted: mounted, anonymous: anonymous).bytes == Int64(bytes))
        #expect(
            MemoryNeed(unpacked: unpacked, mounted: mounted, anonymous: anonymous, other: 7).bytes == Int64(bytes) + 7)
    }

    /// Whatever is measured, the size holds what the image unpacks to and 32 MB.
    @Test func theSizeIsOneThatTheTargetOffersAndHoldsTheNeed() throws {
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        for target in targets.all {
            for (unpacked, anonymous) in [(1e6, 1e6), (38e6, 64e6), (500e6, 100e6), (3e9, 1e9)] {
                let need = MemoryNeed(unpacked: unpacked, anonymous: anonymous)
                guard let size = need.size(on: target) else {
                    #expect((target.sizes ?? []).allSatisfy { $0.memory < need.bytes }, "\(target.name)")
                    continue
                }
                #expect(Double(size.memory) >= unpacked + 32e6, "\(target.name)")
                #expect(Double(size.memory) >= unpacked + 1.75 * anonymous, "\(target.name)")
                if let sizes = target.sizes {
                    #expect(sizes.contains { $0.memory == size.memory })
                } else {
                    #expect(size.memory % (16 << 20) == 0)
                }
            }
        }
    }
}
