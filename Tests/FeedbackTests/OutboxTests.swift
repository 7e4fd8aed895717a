import Files
import Fixtures
import Foundation
import Testing

@testable import Feedback

/// The outbox of alerts that several instances share.
@Suite struct OutboxTests {
    private let volume = MemoryVolume()

    private func outbox(_ host: String = "a") -> Outbox {
        Outbox(
            volume, instance: FeedbackInstance(host: host, boot: "1"),
            now: { [volume] in FeedbackTime(milliseconds: volume.time) })
    }

    private func alert(_ number: Int = 0, channels: [String] = ["email"]) -> Alert {
        let time = FeedbackTime(milliseconds: volume.time)
        return Alert(.reports, reports: [FeedbackID(time: time)], channels: channels, time: time)
    }

    @Test("Of two instances that decide at the same time, the second one is refused until it has read the first alert")
    func oneAlertForEachNumber() throws {
        let (a, b) = (outbox("a"), outbox("b"))
        try a.refresh()
        try b.refresh()
        let first = try #require(try a.raise(alert()))
        #expect(first.number == 1)
        #expect(try b.raise(alert()) == nil)
        try b.refresh()
        #expect(b.alerts[1] == first && b.reported == Set(first.reports))
        #expect(try b.raise(alert())?.number == 2)
    }

    @Test("A file name and its parts say the same")
    func names() {
        for kind in [
            OutboxName.Kind.alert, .lease(channel: "email", attempt: 12), .failed(channel: "slack", attempt: 1),
            .done(channel: "log"),
        ] {
            let name = OutboxName(7, kind)
            #expect(OutboxName(name.file) == name)
        }
        for text in [
            "", "x", "0.alert", "7.alert", "00000007.email.lease", "00000007.email.0.lease", "00000001.alert.1",
        ] {
            #expect(OutboxName(text) == nil, "\(text)")
        }
        #expect(OutboxName("123456789.alert")?.number == 123_456_789)
    }

    @Test("An alert about the same reports has the same name, and a later one another number")
    func theName() {
        let ids = (0..<3).map { _ in FeedbackID(time: .now) }
        let one = Alert(.reports, reports: ids, channels: [], time: FeedbackTime(milliseconds: 1))
        let other = Alert(.reports, reports: ids.reversed(), channels: ["log"], time: FeedbackTime(milliseconds: 2))
        #expect(one.id == other.id)
        #expect(Alert(.reports, reports: Array(ids.dropLast()), channels: [], time: .now).id != one.id)
        // From Python: the 128-bit FNV-1a of b"foobar"
        #expect("\(FeedbackID(hashing: Array("foobar".utf8)))" == "343e1662793c64bf6f0d3597ba446f18")
    }

    @Test("Only one instance holds the lease, and the next one gets it when it is over")
    func leases() throws {
        let (a, b) = (outbox("a"), outbox("b"))
        try a.refresh()
        _ = try a.raise(alert())
        try b.refresh()
        let lease = try #require(try a.claim(1, "email"))
        #expect(lease.attempt == 1 && !lease.followsInterruption)
        #expect(try b.claim(1, "email") == nil)
        try b.refresh()
        #expect(try b.claim(1, "email") == nil)
        volume.time += 59_999
        #expect(try b.claim(1, "email") == nil)
        volume.time += 1
        let second = try #require(try b.claim(1, "email"))
        #expect(second.attempt == 2 && second.followsInterruption)
        #expect(try a.claim(1, "email") == nil)
    }

    @Test("The lease of a process that is gone is over at once on the same machine")
    func aProcessThatIsGone() throws {
        let before = outbox("a")
        try before.refresh()
        _ = try before.raise(alert())
        var lease = try before.claim(1, "email")
        #expect(lease != nil)
        let (after, elsewhere) = (outbox("a"), outbox("b"))
        try after.refresh()
        try elsewhere.refresh()
        #expect(try after.claim(1, "email") == nil, "the process is still there")
        lease = nil  // As the end of the process does, this gives back the lock of the file.
        #expect(try elsewhere.claim(1, "email") == nil, "a lock says nothing on another machine")
        #expect(try after.claim(1, "email")?.attempt == 2)
    }

    @Test("A failure is tried again at its time, by any instance")
    func failures() throws {
        let (a, b) = (outbox("a"), outbox("b"))
        try a.refresh()
        _ = try a.raise(alert())
        let lease = try #require(try a.claim(1, "email"))
        try a.fail(lease, retry: FeedbackTime(milliseconds: volume.time + 5000), reason: "no")
        try b.refresh()
        #expect(try b.claim(1, "email") == nil)
        #expect(try b.pending().map(\.due.milliseconds) == [volume.time + 5000])
        volume.time += 5000
        let second = try #require(try b.claim(1, "email"))
        #expect(second.attempt == 2 && !second.followsInterruption)
    }

    @Test("A time that is farther away than it can be comes from a wrong clock")
    func aClockThatJumpedBack() throws {
        let outbox = outbox()
        try outbox.refresh()
        _ = try outbox.raise(alert())
        let lease = try #require(try outbox.claim(1, "email"))
        try outbox.fail(lease, retry: FeedbackTime(milliseconds: volume.time + 3_600_000), reason: "no")
        volume.time -= 48 * 3_600_000
        #expect(try outbox.claim(1, "email")?.attempt == 2)
    }

    @Test("What was sent is never claimed again, even by an instance that read the folder before")
    func whatWasSentIsSent() throws {
        let (a, b) = (outbox("a"), outbox("b"))
        try a.refresh()
        _ = try a.raise(alert())
        let lease = try #require(try a.claim(1, "email"))
        try b.refresh()
        try a.finish(lease, .delivered)
        volume.time += 61_000
        #expect(try b.claim(1, "email") == nil)
        #expect(volume.files.keys.sorted() == ["00000001.alert", "00000001.email.done"])
        #expect(try a.result(1, "email") == .delivered)
        try b.refresh()
        #expect(try b.pending().isEmpty && b.result(1, "email") == .delivered)
    }

    @Test("A file of an alert that is not complete delays decisions, and counts as nothing after a minute")
    func aFileThatIsNotComplete() throws {
        let outbox = outbox()
        volume.files["00000001.alert"] = Array("0000".utf8)
        volume.touch("00000001.alert")
        try outbox.refresh()
        #expect(outbox.isUnsettled)
        volume.time += 60_001
        try outbox.refresh()
        #expect(!outbox.isUnsettled && outbox.alerts.isEmpty)
        #expect(try outbox.raise(alert())?.number == 2)
    }

    @Test("Finished alerts are deleted, except for the last one, so that no number is used twice")
    func finishedAlerts() throws {
        let a = outbox()
        try a.refresh()
        for _ in 0..<3 {
            let raised = try #require(try a.raise(alert()))
            if raised.number == 2 { continue }
            try a.finish(try #require(try a.claim(raised.number, "email")), .delivered)
        }
        volume.files["00000009.alert.0123456789abcdef.partial"] = [1]
        volume.touch("00000009.alert.0123456789abcdef.partial")
        try a.refresh()
        try a.removeFinished(before: FeedbackTime(milliseconds: volume.time + 1))
        #expect(
            volume.files.keys.sorted() == ["00000002.alert", "00000003.alert", "00000003.email.done"])
        let new = outbox("b")
        try new.refresh()
        #expect(try new.raise(alert())?.number == 4)
    }

    /// A folder without links, as some network volumes are.
    private struct FolderWithoutLinks: Volume {
        let folder: FolderVolume
        var rewritesWholeFiles: Bool { false }
        func names() throws(FileError) -> [String] { try folder.names() }
        func contents(of name: String) throws(FileError) -> [UInt8]? { try folder.contents(of: name) }
        func status(of name: String) -> (size: Int, changed: FeedbackTime)? { folder.status(of: name) }
        func create(_ name: String) throws(FileError) -> any VolumeFile { try folder.create(name) }
        func reopen(_ name: String) throws(FileError) -> (any VolumeFile)? { try folder.reopen(name) }
        func remove(_ name: String) throws(FileError) { try folder.remove(name) }
    }

    @Test(
        "Threads that raise alerts on one folder get all numbers once, with links and without",
        arguments: [true, false])
    func aRealFolder(hasLinks: Bool) throws {
        try Workplace.withFolder { folder in
            let links = FolderVolume(path: folder.path)
            let volume: any Volume = hasLinks ? links : FolderWithoutLinks(folder: links)
            nonisolated(unsafe) var numbers: [Int] = []
            let lock = NSLock()
            DispatchQueue.concurrentPerform(iterations: 8) { index in
                let outbox = Outbox(volume, instance: FeedbackInstance(host: "\(index)", boot: ""))
                for _ in 0..<10 {
                    while true {
                        try? outbox.refresh()
                        let alert = Alert(
                            .reports, reports: [FeedbackID(time: .now)], channels: ["log"], time: .now)
                        guard !outbox.isUnsettled, let raised = try? outbox.raise(alert) else { continue }
                        lock.withLock { numbers.append(raised.number) }
                        break
                    }
                }
            }
            #expect(numbers.sorted() == Array(1...80))
            #expect(try !volume.names().contains { $0.hasSuffix(".partial") })
            let outbox = Outbox(volume, instance: .current)
            try outbox.refresh()
            #expect(outbox.alerts.count == 80 && outbox.reported.count == 80)
        }
    }
}
