import Files
import Fixtures
import Foundation
import Testing

@testable import Feedback

/// Retention and erasure.
@Suite struct MaintenanceTests {
    private let volume = MemoryVolume()
    private let day = 86_400_000

    private func holds(_ text: String) -> Bool {
        volume.files.values.contains { Data($0).range(of: Data(text.utf8)) != nil }
    }

    private func tidy(_ log: FeedbackLog) throws {
        try log.planMaintenance()
        while try log.maintain() {}
    }

    @Test func anErasedReportIsNotReadAndItsTextIsRemoved() throws {
        let log = FeedbackLog(volume)
        let ids = try log.report("keep", "secret", "keep too")
        try log.append([.erasure(ids[1], .now)])
        let archive = try FeedbackArchive(reading: volume)
        #expect(Set(archive.texts) == ["keep", "keep too"])
        #expect(archive.erased == 1)
        #expect(holds("secret"))
        try tidy(log)
        #expect(!holds("secret"))
        #expect(holds("erased"), "the record of the erasure stays")
        #expect(try Set(FeedbackArchive(reading: volume).texts) == ["keep", "keep too"])
        try log.report("later")
        #expect(try FeedbackArchive(reading: volume).texts.count == 3)
    }

    @Test func aReportOfAnotherInstanceIsErasedOnceThatInstanceHasLeftTheFile() throws {
        var writer: FeedbackLog? = FeedbackLog(volume, host: "b")
        let id = try #require(try writer?.report("secret").first)
        let log = FeedbackLog(volume)
        try log.append([.erasure(id, .now)])
        try tidy(log)
        #expect(holds("secret"), "the other instance may be writing to this file")
        volume.time += FeedbackOptions.abandonedAfter + 1
        try tidy(log)
        #expect(holds("secret"), "the other instance holds the file")
        writer = nil
        try tidy(log)
        #expect(!holds("secret"))
        #expect(try FeedbackArchive(reading: volume).texts.isEmpty)
    }

    @Test func theInstanceThatWroteAReportErasesItWhenAnotherOneWasAsked() throws {
        let writer = FeedbackLog(volume, host: "b")
        let id = try #require(try writer.report("secret", "keep").first)
        try FeedbackLog(volume).append([.erasure(id, .now)])
        try tidy(writer)
        #expect(!holds("secret"))
        try writer.report("later")
        #expect(try Set(FeedbackArchive(reading: volume).texts) == ["keep", "later"])
    }

    @Test func filesOlderThanTheRetentionTimeAreDeleted() throws {
        let log = FeedbackLog(volume, FeedbackOptions(retentionDays: 3))
        try log.report("old")
        volume.time += 2 * day
        try log.report("new")
        volume.time += 2 * day - 1000
        try tidy(log)
        #expect(volume.files.count == 2)
        volume.time += 2000
        try tidy(log)
        #expect(try FeedbackArchive(reading: volume).texts == ["new"])
    }

    @Test func withoutARetentionTimeNothingIsDeleted() throws {
        let log = FeedbackLog(volume)
        try log.report("old")
        volume.time += 4000 * day
        try tidy(log)
        #expect(try FeedbackArchive(reading: volume).texts == ["old"])
    }

    /// The real system: files, locks and names.
    @Test func aFolderIsReadWhileAnotherProcessWritesAndTidies() throws {
        try Workplace.withFolder { folder in
            let volume = FolderVolume(path: folder.path)
            let log = FeedbackLog(
                volume, instance: .current, options: FeedbackOptions(segmentBytes: 4000))
            let other = FeedbackLog(volume, instance: .current)
            var expected: Set<String> = []
            for round in 0..<60 {
                let ids = try log.report("gone \(round)", "kept \(round)")
                try other.report("other \(round)")
                expected.formUnion(["kept \(round)", "other \(round)"])
                try log.append([.erasure(ids[0], .now)])
                if round % 10 == 9 { try tidy(log) }
                let archive = try FeedbackArchive(reading: volume)
                #expect(Set(archive.texts) == expected && archive.texts.count == expected.count)
                #expect(archive.damaged.isEmpty)
            }
            let names = try volume.names()
            #expect(names.allSatisfy { SegmentName($0) != nil } && names.count > 3)
        }
    }

    @Test func aFolderThatDoesNotExistIsNamed() throws {
        let log = FeedbackLog(FolderVolume(path: "/nowhere/feedback"), instance: .current)
        let error = #expect(throws: FeedbackError.self) { try log.report("a") }
        #expect(error?.description.hasPrefix("/nowhere/feedback") == true)
        #expect(error?.description.contains("No such file or directory") == true)
    }
}
