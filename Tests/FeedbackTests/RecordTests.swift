import Fixtures
import JSON
import Testing

@testable import Feedback

@Suite struct RecordTests {
    @Test func aRecordIsReadAsItWasWritten() throws {
        var random = Seeded(3)
        let texts = ["", "a\nb\r\u{0}\u{7F}", "\"\\", "é😍\u{301}", String(repeating: "x", count: 5000)]
        for round in 0..<100 {
            func any() -> String { texts[Int.random(in: 0..<texts.count, using: &random)] }
            let time = FeedbackTime(milliseconds: Int.random(in: 0...4_000_000_000_000, using: &random))
            let record = FeedbackRecord(
                id: FeedbackID(time: time), time: time, content: round % 3 == 0 ? .hash("0a") : .text(any()),
                predicted: any(), score: Double.random(in: -1...2, using: &random),
                expected: Bool.random(using: &random) ? any() : nil, comment: Bool.random(using: &random) ? any() : nil,
                isCorrect: [nil, true, false][round % 3], model: any(), modelDigest: any(), version: any(),
                instance: any())
            let entry = FeedbackEntry.report(record)
            let line = entry.line
            #expect(line.count { $0 == 10 } == 1)
            #expect(FeedbackEntry.entries(of: line).entries == [entry])
        }
    }

    @Test func anErasureIsReadAsItWasWritten() {
        let entry = FeedbackEntry.erasure(FeedbackID(time: .now), .now)
        #expect(FeedbackEntry.entries(of: entry.line).entries == [entry])
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
        (1_790_000_000_001, "2026-09-21T14:13:20.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func aTimeIsWrittenAndRead(milliseconds: Int, text: String) {
        #expect(FeedbackTime(milliseconds: milliseconds).description == text)
        #expect(FeedbackTime(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-02-31T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
        "2026-01-01T00:00:00Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.000+", "２026-01-01T00:00:00.0",
    ])
    func whatIsNoTimeIsNotRead(text: String) { #expect(FeedbackTime(text) == nil) }

    @Test func namesAreInTheOrderOfTheirTimes() {
        let names = (0..<1000).map { FeedbackID(time: FeedbackTime(milliseconds: 1_790_000_000_000 + $0)) }
        #expect(names == names.sorted())
        #expect(names.map(\.description) == names.map(\.description).sorted())
        #expect(names.allSatisfy { FeedbackID($0.description) == $0 })
    }

    @Test func thousandsOfNamesOfOneMillisecondDiffer() {
        let time = FeedbackTime(milliseconds: 5)
        #expect(Set((0..<10_000).map { _ in FeedbackID(time: time) }).count == 10_000)
    }

    @Test func theSameDigestGivesTheSameName() {
        let id = FeedbackID(digest: [UInt8](0..<32))
        #expect(id.description == "000102030405060708090a0b0c0d0e0f")
        for text in ["", "00", "000102030405060708090a0b0c0d0e0g", "000102030405060708090a0b0c0d0e0f0"] {
            #expect(FeedbackID(text) == nil)
        }
    }

    @Test func theFileSystemOfAPathIsThatOfItsDeepestMountPoint() {
        let table = """
            overlay / overlay rw 0 0
            a /data ext4 rw 0 0
            bucket /data/my\\040feedback fuse.gcsfuse rw 0 0
            a /dat tmpfs rw 0 0
            """
        func type(_ path: String) -> String? { MountPoint.fileSystem(of: path, in: table) }
        #expect(type("/data/my feedback/x") == "fuse.gcsfuse")
        #expect(type("/data/my feedback") == "fuse.gcsfuse")
        #expect(type("/data/my feedbacks") == "ext4")
        #expect(type("/database") == "overlay")
        #expect(MountPoint.fileSystem(of: "/proc") == "proc")
    }
}
