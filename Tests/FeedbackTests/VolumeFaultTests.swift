import Files
import Fixtures
import Glibc
import Testing

@testable import Feedback

/// What becomes of reports when the volume fails.
@Suite struct VolumeFaultTests {
    private let volume = MemoryVolume()

    private func texts() throws -> Set<String> { try Set(FeedbackArchive(reading: volume).texts) }

    @Test func aFullDiskRefusesTheGroupAndKeepsWhatWasThere() throws {
        let log = FeedbackLog(volume)
        try log.report("a")
        for space in stride(from: 0, to: 530, by: 7) {
            volume.faults.space = space
            let error = #expect(throws: FeedbackError.self) { try log.report("b", "c", "d") }
            guard case .volume(let reason)? = error else { Issue.record("another error"); return }
            #expect(reason.errno == ENOSPC)
            volume.faults.space = .max
            #expect(try texts() == ["a"])
            #expect(try FeedbackArchive(reading: volume).damaged.isEmpty)
        }
        try log.report("e")
        #expect(try texts() == ["a", "e"])
    }

    @Test func aFileWhoseBytesMayBeLostIsNotContinued() throws {
        let log = FeedbackLog(volume)
        try log.report("a")
        volume.faults.synchronizing = [EIO]
        volume.faults.cuts = false
        #expect(throws: FeedbackError.self) { try log.report("b") }
        try log.report("c")
        #expect(volume.files.count == 2)
        #expect(try texts().isSuperset(of: ["a", "c"]))
    }

    @Test func aReadOnlyVolumeIsNamedAndUsedAgainLater() throws {
        volume.faults.isReadOnly = true
        let log = FeedbackLog(volume)
        for _ in 0..<3 {
            let error = #expect(throws: FeedbackError.self) { try log.report("a") }
            #expect(error?.description.contains("Choose a folder that you may write to.") == true)
        }
        volume.faults.isReadOnly = false
        try log.report("b")
        #expect(try texts() == ["b"])
    }

    @Test func aFullDiskIsNotTakenForAVolumeThatCannotAppend() throws {
        volume.faults.space = 1
        let log = FeedbackLog(volume)
        #expect(throws: FeedbackError.self) { try log.report("a") }
        #expect(log.appends == nil)
        volume.faults.space = .max
        try log.report("a")
        #expect(log.appends == true)
    }

    @Test func aClockThatJumpsLosesNothing() throws {
        var random = Seeded(11)
        let log = FeedbackLog(volume)
        for round in 0..<200 {
            volume.time = Int.random(in: -5_000_000_000...4_000_000_000_000, using: &random)
            try log.report("\(round)", at: volume.time)
        }
        #expect(try texts().count == 200)
    }

    /// Every report that was acknowledged before the process ended is there once, wherever its last write was cut.
    @Test func aProcessThatEndsAnywhereLosesNothingThatWasAcknowledged() throws {
        var random = Seeded(7)
        var acknowledged: Set<String> = []
        for round in 0..<60 {
            let log = FeedbackLog(volume, host: "\(Int.random(in: 0..<3, using: &random))")
            for index in 0..<Int.random(in: 1...4, using: &random) {
                let text = "\(round).\(index)"
                try log.report(text)
                acknowledged.insert(text)
            }
            let before = volume.files
            try log.report("cut \(round)", "cut too")
            for (name, bytes) in volume.files where before[name] != bytes {
                let safe = before[name]?.count ?? 0
                volume.files[name] = Array(bytes.prefix(Int.random(in: safe...bytes.count, using: &random)))
            }
            let texts = try FeedbackArchive(reading: volume).texts.filter { !$0.hasPrefix("cut") }
            #expect(texts.count == acknowledged.count && Set(texts) == acknowledged)
        }
        #expect(volume.files.count < 20)
    }
}
