import Fixtures
import Foundation
import Testing

@testable import Inference

@Suite struct CPUQuotaTests {
    /// The quota of a machine whose files are these.
    private func quota(_ files: [String: String]) throws -> CPUQuota {
        try Workplace.withFolder { folder in
            for (path, content) in files {
                let url = folder.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(content.utf8).write(to: url)
            }
            return CPUQuota(root: folder.path)
        }
    }

    private let eight = "Name:\tx\nCpus_allowed:\t0000,000000ff\nCpus_allowed_list:\t0-7\n"

    @Test func withoutAQuotaAllAllowedCPUsCount() throws {
        #expect(try quota(["proc/self/status": eight]).cores == 8)
        #expect(
            try quota([
                "proc/self/status": eight, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n",
            ]).cores == 8)
    }

    @Test(arguments: [
        ("50000 100000", 0.5, 1), ("100000 100000", 1, 1), ("150000 100000", 1.5, 2), ("8000 100000", 0.08, 1),
    ])
    func aQuotaOfVersionTwoIsRoundedUp(content: String, cpus: Double, cores: Int) throws {
        let found = try quota([
            "proc/self/status": eight, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": content,
        ])
        #expect(found.cpus == cpus)
        #expect(found.cores == cores)
    }

    @Test func theSmallestQuotaOfTheGroupsAboveHolds() throws {
        let found = try quota([
            "proc/self/status": eight, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "400000 100000",
            "sys/fs/cgroup/a/cpu.max": "200000 100000", "sys/fs/cgroup/cpu.max": "max 100000",
        ])
        #expect(found.cpus == 2)
    }

    @Test func versionOneIsReadToo() throws {
        let found = try quota([
            "proc/self/status": eight, "proc/self/cgroup": "7:memory:/x\n4:cpu,cpuacct:/x\n",
            "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "25000\n", "sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ])
        #expect(found.cpus == 0.25)
    }

    @Test func nonsenseIsNoQuota() throws {
        for content in ["", "0 100000", "a b", "100000", "-5 100000"] {
            #expect(
                try quota(["proc/self/status": eight, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": content])
                    .cores == 8)
        }
        #expect(try quota([:]).cores == 1)
    }

    @Test func thisMachineHasAtLeastOneCore() {
        #expect(CPUQuota.current.cores >= 1)
    }
}
