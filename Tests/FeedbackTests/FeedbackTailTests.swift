import Files
import Testing

@testable import Feedback

/// The tail of the reports, as several instances write them.
@Suite struct FeedbackTailTests {
    private static let hour = 3_600_000

    private func wrong(_ text: String, _ volume: MemoryVolume, isCorrect: Bool? = false) -> FeedbackRecord {
        let time = FeedbackTime(milliseconds: volume.time)
        return FeedbackRecord(
            id: FeedbackID(time: time), time: time, content: .text(text), predicted: "positive", score: 0.5,
            isCorrect: isCorrect)
    }

    private func texts(_ tail: FeedbackTail) -> [String] {
        tail.reports.values.sorted { ($0.time, $0.text) < ($1.time, $1.text) }.map(\.text)
    }

    private func now(_ volume: MemoryVolume) -> FeedbackTime { FeedbackTime(milliseconds: volume.time) }

    @Test("Only reports that say that a prediction was wrong count, of all instances and once each")
    func whatCounts() throws {
        let volume = MemoryVolume()
        var tail = FeedbackTail(volume, horizon: Self.hour)
        let (a, b) = (FeedbackLog(volume, host: "a"), FeedbackLog(volume, host: "b"))
        let first = wrong("first", volume)
        try a.append([.report(first), .report(wrong("right", volume, isCorrect: true))])
        try b.append([.report(wrong("second", volume)), .report(wrong("unknown", volume, isCorrect: nil))])
        try tail.update(now: now(volume))
        try b.append([.report(first)])
        try a.append([.report(wrong("third", volume))])
        try tail.update(now: now(volume))
        #expect(texts(tail) == ["first", "second", "third"])
    }

    @Test("An update reads only what was added, and a line that is not complete is read when it is")
    func onlyWhatWasAddedIsRead() throws {
        let volume = MemoryVolume()
        var tail = FeedbackTail(volume, horizon: Self.hour)
        let log = FeedbackLog(volume)
        try log.append([.report(wrong("first", volume))])
        try tail.update(now: now(volume))
        let name = try #require(volume.files.keys.first)
        // If the beginning was read again, the damage would be noticed as a missing report of a new tail.
        let line = FeedbackEntry.report(wrong("second", volume)).line
        volume.files[name]?.replaceSubrange(0..<4, with: Array("xxxx".utf8))
        volume.files[name]? += line.prefix(20)
        try tail.update(now: now(volume))
        #expect(texts(tail) == ["first"])
        volume.files[name]? += line.dropFirst(20)
        try tail.update(now: now(volume))
        #expect(texts(tail) == ["first", "second"])
        var new = FeedbackTail(volume, horizon: Self.hour)
        try new.update(now: now(volume))
        #expect(texts(new) == ["second"])
    }

    @Test("A report that is erased is forgotten, also if its file is written again")
    func erasure() throws {
        let volume = MemoryVolume()
        var tail = FeedbackTail(volume, horizon: Self.hour)
        let log = FeedbackLog(volume)
        let secret = wrong("secret", volume)
        try log.append([.report(secret), .report(wrong("other", volume))])
        try tail.update(now: now(volume))
        try log.append([.erasure(secret.id, now(volume))])
        try tail.update(now: now(volume))
        #expect(texts(tail) == ["other"])
        try log.planMaintenance()
        while try log.maintain() {}
        try tail.update(now: now(volume))
        #expect(texts(tail) == ["other"])
    }

    @Test("Reports that are older than the horizon are forgotten, and old files are not read")
    func theHorizon() throws {
        let volume = MemoryVolume()
        try FeedbackLog(volume, host: "old").append([.report(wrong("old", volume))])
        volume.time += 3 * FeedbackOptions.day
        var tail = FeedbackTail(volume, horizon: Self.hour)
        try FeedbackLog(volume, host: "new").append([.report(wrong("new", volume))])
        try tail.update(now: now(volume))
        #expect(texts(tail) == ["new"])
        volume.time += Self.hour + 1
        try tail.update(now: now(volume))
        #expect(texts(tail) == [])
    }

    @Test("The number of reports that are kept is limited, and the newest ones stay")
    func theLimit() {
        let volume = MemoryVolume()
        var tail = FeedbackTail(nil, horizon: Self.hour)
        for index in 0..<FeedbackTail.limit + 10 {
            volume.time += 1
            tail.add(wrong("\(index)", volume), now: now(volume))
        }
        #expect(tail.reports.count == FeedbackTail.limit)
        #expect(!tail.reports.values.contains { $0.text == "9" })
        #expect(tail.reports.values.contains { $0.text == "10" })
    }

    @Test("An excerpt holds the beginning of a text, and the length of all of it")
    func theExcerpt() {
        let volume = MemoryVolume()
        let excerpt = FeedbackExcerpt(wrong(String(repeating: "é", count: 60_000), volume))
        #expect(excerpt.text.unicodeScalars.count == FeedbackExcerpt.longestText && excerpt.length == 60_000)
    }
}
