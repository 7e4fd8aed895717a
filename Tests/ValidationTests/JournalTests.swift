import Dispatch
import Feedback
import Fixtures
import Foundation
import Testing

@testable import Validation

@Suite struct JournalTests {
    private func withJournal(_ body: (Journal) throws -> Void) throws {
        try Workplace.withFolder { try body(Journal(path: $0.appendingPathComponent("a.journal").path)) }
    }

    private var lines: [JournalLine] {
        var session = Samples.session(Samples.ten)
        let opening = Opening(sources: [.init(path: "r.jsonl", digest: "ab", records: 10)], model: nil)
        return [.opening(opening)] + session.press([Samples.key("1"), .enter, Samples.key("n")])
            + session.type("né 😀\u{1B}")
            + session.press([.enter, Samples.key("s"), Samples.key("x"), Samples.key("u")])
    }

    @Test func whatIsWrittenIsRead() throws {
        try withJournal { journal in
            #expect(try journal.read().lines.isEmpty)
            for line in lines { try journal.append([line]) }
            let read = try journal.read()
            #expect(read.lines == lines && read.damaged.isEmpty)
        }
    }

    @Test func aJournalThatIsCutAnywhereKeepsAllWholeLinesAndGoesOn() throws {
        try withJournal { journal in
            try journal.append(lines)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: journal.path))
            for cut in stride(from: 0, through: bytes.count, by: 7) {
                try bytes.prefix(cut).write(to: URL(fileURLWithPath: journal.path))
                let whole = bytes.prefix(cut).count { $0 == 10 }
                let kept = try journal.read().lines
                #expect(kept == Array(lines.prefix(kept.count)) && kept.count >= whole)
                try journal.append([lines[1]])
                #expect(try journal.read().lines == kept + [lines[1]])
            }
        }
    }

    @Test func severalThreadsMayAddLines() throws {
        try withJournal { journal in
            let line = lines[1]
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                for _ in 0..<10 { try? journal.append([line]) }
            }
            let read = try journal.read()
            #expect(read.lines.count == 80 && read.damaged.isEmpty)
        }
    }

    @Test func theSameDecisionsGiveTheSameDigestWhateverTheirOrderAndTheirTime() throws {
        var first = Samples.session(Samples.ten)
        let lines = first.press([Samples.key("1"), .enter, .enter])
        var second = Samples.session(Samples.ten.reversed())
        let others = second.press([Key](repeating: .right, count: 7) + [.enter, .enter, Samples.key("1")]).map { line in
            guard case .entry(var entry) = line else { return line }
            entry.time.milliseconds += 86_400_000
            return JournalLine.entry(entry)
        }
        let set = ValidatedSet(Ledger(lines))
        #expect(set.digest == ValidatedSet(Ledger(others)).digest)
        #expect(
            String(decoding: set.bytes, as: UTF8.self) == """
                id,text,label,predicted,score,model,time,status,annotator,note
                00000000000000000000000000000000,tweet number 0,negative,positive,0.9,tiny,2026-09-21T14:13:20.000Z,corrected,ana,
                00000000000000000000000000000001,tweet number 1,negative,positive,0.9,tiny,2026-09-21T14:13:21.000Z,confirmed,ana,
                00000000000000000000000000000002,tweet number 2,positive,positive,0.9,tiny,2026-09-21T14:13:22.000Z,confirmed,ana,

                """)
    }

    @Test func theLineageStatesTheDigestTheSourcesAndThePeople() throws {
        try withJournal { journal in
            let table = journal.path + ".csv"
            let ledger = Ledger(lines)
            try ValidatedSet(ledger).write(to: table, ledger, at: Samples.time)
            let data = try Data(contentsOf: URL(fileURLWithPath: table + ".lineage.json"))
            let lineage = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let digest = try Program.run(try #require(Program.find("sha256sum")), [table]).output.prefix(64)
            #expect(lineage["sha256"] as? String == String(digest))
            #expect(lineage["created"] as? String == "2026-09-21T14:13:20.000Z")
            #expect(lineage["annotators"] as? [String: Int] == ["ana": 2])
            #expect(lineage["counts"] as? [String: Int] == ["negative": 2])
            #expect(lineage["skipped"] as? Int == 1)
            #expect((lineage["sources"] as? [[String: Any]])?.first?["records"] as? Int == 10)
            #expect(lineage["agreement"] is NSNull && lineage["model"] is NSNull)
        }
    }
}
