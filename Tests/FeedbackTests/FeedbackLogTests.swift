import Files
import Fixtures
import Glibc
import Testing

@testable import Feedback

/// The log of one process, on a volume that works.
@Suite struct FeedbackLogTests {
    private let volume = MemoryVolume()

    private func texts() throws -> [String] { try FeedbackArchive(reading: volume).texts }

    @Test func reportsAreReadInTheOrderOfTheirTimes() throws {
        let log = FeedbackLog(volume)
        try log.report("b", at: 2000)
        try log.report("c", at: 3000)
        try FeedbackLog(volume, host: "b").report("a", at: 1000)
        #expect(try texts() == ["a", "b", "c"])
    }

    @Test func reportsThatAreWrittenTogetherShareOneWaitForTheDisk() throws {
        let log = FeedbackLog(volume)
        try log.report("first")
        let before = volume.synchronizations
        let time = FeedbackTime(milliseconds: 1)
        try log.append(
            (0..<100).map { _ in
                .report(
                    FeedbackRecord(
                        id: FeedbackID(time: time), time: time, content: .text("late"), predicted: "a", score: 1))
            })
        #expect(volume.synchronizations == before + 1)
        #expect(try texts().count == 101)
    }

    @Test func anInstanceThatStartsAgainContinuesItsFile() throws {
        var log: FeedbackLog? = FeedbackLog(volume)
        try log?.report("a")
        log = nil
        try FeedbackLog(volume).report("b")
        #expect(volume.files.count == 1)
        #expect(try Set(texts()) == ["a", "b"])
    }

    @Test func theTornTailOfAnInterruptedWriteIsCutAtTheStart() throws {
        var log: FeedbackLog? = FeedbackLog(volume)
        try log?.report("a")
        log = nil
        let name = try #require(volume.files.keys.first)
        let whole = try #require(volume.files[name])
        for tail in [Array("0123".utf8), Array("01234567 {\"id\":\"\n".utf8), whole.dropLast(3)] {
            volume.files[name] = whole + tail
            try FeedbackLog(volume).report("b")
            let (entries, damaged) = FeedbackEntry.entries(of: try #require(volume.files[name]))
            #expect(entries.count == 2 && damaged == 0)
            #expect(volume.files.count == 1)
        }
    }

    @Test func twoProcessesOfOneInstanceHaveDifferentFiles() throws {
        let (first, second) = (FeedbackLog(volume), FeedbackLog(volume))
        for round in 0..<10 {
            try first.report("a\(round)")
            try second.report("b\(round)")
        }
        #expect(volume.files.count == 2)
        #expect(try Set(texts()).count == 20)
    }

    @Test func aLargeFileIsNotContinued() throws {
        let log = FeedbackLog(volume, FeedbackOptions(segmentBytes: 1000))
        for round in 0..<20 { try log.report("\(round)") }
        #expect(volume.files.count > 3)
        #expect(volume.files.values.allSatisfy { $0.count < 1300 })
        #expect(try texts().count == 20)
    }

    @Test(arguments: [(31 * 60_000, 2), (29 * 60_000, 1), (86_400_001, 2), (-86_400_001, 2)])
    func aFileIsLeftAfterAPauseAndAfterADay(step: Int, files: Int) throws {
        let log = FeedbackLog(volume)
        try log.report("a")
        volume.time += step
        try log.report("b")
        #expect(volume.files.count == files)
        #expect(try texts().count == 2)
    }

    @Test func aLogThatIsFullRefusesReportsAndLosesNone() throws {
        let log = FeedbackLog(volume, FeedbackOptions(totalBytes: 1000))
        var kept = 0
        let error = #expect(throws: FeedbackError.self) {
            while true {
                try log.report("late")
                kept += 1
            }
        }
        #expect(error == .full(limit: 1000))
        #expect(error?.description.contains("limit of 1000 bytes") == true)
        #expect(kept > 2)
        #expect(try texts().count == kept)
        #expect(volume.files.values.reduce(0) { $0 + $1.count } <= 1000)
    }

    @Test func aVolumeThatRefusesToAppendGetsOneFileForEachGroup() throws {
        volume.faults.appending = EOPNOTSUPP
        let log = FeedbackLog(volume)
        try log.report("a", "b")
        try log.report("c")
        #expect(volume.files.count == 2)
        #expect(try Set(texts()) == ["a", "b", "c"])
        try FeedbackLog(volume).report("d")
        #expect(volume.files.count == 3)
    }

    @Test func theProbeLeavesNoFile() throws {
        let log = FeedbackLog(volume)
        try log.open()
        #expect(log.appends == true)
        #expect(volume.files.isEmpty)
    }

    @Test func theSameReportCountsOnce() throws {
        let record = FeedbackRecord(
            id: FeedbackID(digest: [UInt8](0..<16)), time: .now, content: .text("late"), predicted: "a", score: 1)
        var again = record
        again.time.milliseconds += 5
        try FeedbackLog(volume, host: "b").append([.report(again), .report(again)])
        try FeedbackLog(volume).append([.report(record)])
        #expect(try FeedbackArchive(reading: volume).records == [record])
    }

    @Test func otherFilesOfTheFolderAreIgnored() throws {
        try FeedbackLog(volume).report("a")
        let line = try #require(volume.files.values.first)
        for name in ["x.log", "feedback-a-b-c.log", "feedback-a-1-b-c.log", "feedback-a-1-b.txt", "lost+found"] {
            volume.files[name] = line
        }
        #expect(try texts().count == 1)
    }
}
