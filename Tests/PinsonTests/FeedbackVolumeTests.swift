import Feedback
import Fixtures
import Foundation
import Glibc
import Testing

/// Real functions whose volume is full, read-only or stalls.
@Suite(.serialized, .enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct FeedbackVolumeTests {
    /// Whether this machine lets the test mount a volume.
    ///
    /// Root in a container often may not.
    private static let canMount: Bool = {
        guard geteuid() == 0, let mount = Program.find("mount"), Program.find("mkfs.ext4") != nil,
            Program.find("fsfreeze") != nil
        else { return false }
        return
            (try? Workplace.withFolder { folder in
                let isMounted = try Program.run(mount, ["-t", "tmpfs", "none", folder.path]).status == 0
                if isMounted { umount2(folder.path, Int32(MNT_DETACH)) }
                return isMounted
            }) == true
    }()

    private func report(_ function: FunctionProcess, _ text: String) throws -> HTTPAnswer {
        try Client.request(
            port: function.port, "POST", "/feedback",
            body: #"{"text":"\#(text)","predicted_label":"positive","score":0.5}"#)
    }

    private func texts(_ folder: URL) throws -> Set<String> {
        let records = try FeedbackArchive(reading: FolderVolume(path: folder.path)).records
        return Set(records.map { record in if case .text(let text) = record.content { text } else { "" } })
    }

    private func run(_ program: String, _ arguments: String...) throws {
        let result = try Program.run(try #require(Program.find(program)), arguments)
        try #require(result.status == 0, "\(program): \(result.error)")
    }

    private func with(
        _ environment: [String: String] = [:], blocks: Int? = nil, _ body: (FunctionProcess, URL) throws -> Void
    )
        throws
    {
        try Workplace.withFolder { folder in
            let volume = folder.appendingPathComponent("volume")
            try FileManager.default.createDirectory(at: volume, withIntermediateDirectories: true)
            let settings = environment.merging(["FEEDBACK_DIR": volume.path]) { $1 }
            let function = try FunctionProcess(settings, log: folder.appendingPathComponent("log"), fileBlocks: blocks)
            defer { _ = function.terminate() }
            try body(function, volume)
        }
    }

    /// Sends reports until one is refused, and returns those that were acknowledged and the refusal.
    private func fill(_ function: FunctionProcess, atMost limit: Int = 5000) throws -> (Set<String>, HTTPAnswer?) {
        var kept: Set<String> = []
        for index in 0..<limit {
            let text = "\(index) " + String(repeating: "x", count: 400)
            let answer = try report(function, text)
            guard answer.status == 200 else { return (kept, answer) }
            kept.insert(text)
        }
        return (kept, nil)
    }

    @Test func aFileThatMayNotGrowIsAReasonAndTheNextOneIsUsed() throws {
        try with(["LOG_LEVEL": "critical"], blocks: 128) { function, volume in
            let (kept, refusal) = try fill(function)
            #expect(refusal?.status == 503 && refusal?.body.contains("File too large") == true)
            #expect(kept.count > 20)
            #expect(try report(function, "later").status == 200)
            #expect(try texts(volume) == kept.union(["later"]))
        }
    }

    @Test(.enabled(if: canMount, "needs root and mkfs.ext4"))
    func aFullDiskIsAReasonUntilThereIsSpaceAgain() throws {
        try with { function, volume in
            try run("mount", "-t", "tmpfs", "-o", "size=256k", "none", volume.path)
            defer { umount2(volume.path, Int32(MNT_DETACH)) }
            let filler = volume.appendingPathComponent("filler")
            try Data(count: 100_000).write(to: filler)
            let (kept, refusal) = try fill(function)
            #expect(refusal?.status == 503 && refusal?.body.contains("No space left on device") == true)
            #expect(refusal?.body.contains(volume.path) == false, "a client need not know where reports are kept")
            #expect(try texts(volume) == kept && kept.count > 50)
            #expect(
                try Client.request(port: function.port, "POST", "/predict", body: #"{"text":"late"}"#).status == 200)
            try FileManager.default.removeItem(at: filler)
            #expect(try report(function, "later").status == 200)
            #expect(try texts(volume) == kept.union(["later"]))
        }
    }

    @Test(.enabled(if: canMount, "needs root and mkfs.ext4"))
    func aReadOnlyVolumeIsAReasonUntilItCanBeWritten() throws {
        try with { function, volume in
            try run("mount", "-t", "tmpfs", "-o", "size=256k,ro", "none", volume.path)
            defer { umount2(volume.path, Int32(MNT_DETACH)) }
            let answer = try report(function, "a")
            #expect(answer.status == 503 && answer.body.contains("Read-only file system"))
            try run("mount", "-o", "remount,rw", volume.path)
            #expect(try report(function, "b").status == 200)
            #expect(try texts(volume) == ["b"])
        }
    }

    /// FEEDBACK_STALL=30 lets the volume stall for 30 seconds.
    @Test(.enabled(if: canMount, "needs root and mkfs.ext4"))
    func whileAVolumeStallsReportsAreRefusedAndPredictionsKeepTheirLatency() throws {
        let stall = Double(ProcessInfo.processInfo.environment["FEEDBACK_STALL"] ?? "") ?? 3
        try Workplace.withFolder { folder in
            let image = folder.appendingPathComponent("disk")
            #expect(FileManager.default.createFile(atPath: image.path, contents: nil))
            #expect(truncate(image.path, 16 << 20) == 0)
            try run("mkfs.ext4", "-q", image.path)
            try with(["FEEDBACK_TIMEOUT": "1", "CONCURRENCY": "1"]) { function, volume in
                try run("mount", "-o", "loop", image.path, volume.path)
                defer { umount2(volume.path, Int32(MNT_DETACH)) }
                #expect(try report(function, "before").status == 200)
                let before = try latency(function, seconds: 1)
                try run("fsfreeze", "-f", volume.path)
                var isFrozen = true
                defer { if isFrozen { try? run("fsfreeze", "-u", volume.path) } }
                // The volume stays frozen, so an answer means that the function did not wait for it.
                let answer = try report(function, "during")
                #expect(answer.status == 503 && answer.body.contains("has not answered for 1 s"))
                let during = try latency(function, seconds: stall)
                #expect(try report(function, "during too").status == 503)
                try run("fsfreeze", "-u", volume.path)
                isFrozen = false
                print("p99 of predictions: \(before) s before the stall, \(during) s during it")
                // A prediction that waits for the volume takes a second or longer. Other tests use the cores, too.
                #expect(during < max(before * 3, 0.5), "a stalled volume delays predictions")
                var status = 503
                for _ in 0..<100 where status != 200 {
                    status = try report(function, "after").status
                    usleep(50_000)
                }
                #expect(status == 200)
                #expect(try texts(volume).isSuperset(of: ["before", "after"]))
            }
        }
    }

    /// The 99th percentile of the time of predictions, in seconds, while reports are sent as well.
    private func latency(_ function: FunctionProcess, seconds: Double) throws -> Double {
        let end = Date(timeIntervalSinceNow: seconds)
        let client = try Client(port: function.port)
        var times: [Double] = []
        while Date() < end {
            let start = Date()
            client.send(Client.text("POST", "/predict", body: #"{"text":"late again"}"#))
            #expect(client.readResponse()?.status == 200)
            times.append(Date().timeIntervalSince(start))
        }
        return times.sorted()[times.count * 99 / 100]
    }
}
