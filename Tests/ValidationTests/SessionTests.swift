import Feedback
import Fixtures
import Testing

@testable import Validation

@Suite struct SessionTests {
    @Test func enterConfirmsTheLabelOfTheUserOrElseThatOfTheModel() {
        var session = Samples.session(Samples.ten)
        _ = session.press([.enter, .enter])
        #expect(session.judgement(0).verdict == .label("positive"))
        #expect(session.judgement(1).verdict == .label("negative"))
        #expect(session.position == 2 && session.done == 2)
    }

    @Test func aReportThatSaysWrongProposesTheOtherOfTwoLabels() {
        let wrong = Samples.report(0, "a", isCorrect: false)
        #expect(Samples.items([wrong])[0].proposal == "negative")
        let three = ["negative", "neutral", "positive"]
        #expect(Samples.items([wrong], labels: three)[0].proposal == nil)
        var session = Samples.session([wrong], labels: three)
        #expect(!session.commands.contains { $0.action == .confirm })
        #expect(session.press([.enter]).isEmpty && session.done == 0)
    }

    @Test func digitsAndFreeFirstLettersGiveLabels() {
        var session = Samples.session(Samples.ten)
        _ = session.press([Samples.key("1"), Samples.key("2"), Samples.key("p")])
        #expect(session.judgement(0).verdict == .label("negative"))
        #expect(session.judgement(1).verdict == .label("positive"))
        #expect(session.judgement(2).verdict == .label("positive"))
        // The letter n is the key of notes, so it is not that of a label.
        _ = session.press([Samples.key("n")])
        #expect(session.mode == .note("") && session.done == 3)
    }

    @Test func undoTakesDecisionsBackInTheirOrderAlsoAfterARestart() {
        var session = Samples.session(Samples.ten)
        var lines = session.press([Samples.key("1"), Samples.key("2"), Samples.key("s"), Samples.key("u")])
        #expect(session.position == 2 && session.done == 2)
        var later = Samples.session(Samples.ten, ledger: Ledger(lines))
        lines += later.press([Samples.key("u"), Samples.key("u"), Samples.key("u")])
        #expect(later.done == 0 && later.position == 0)
        #expect(later.message == "There is nothing to undo.")
        #expect(ValidatedSet(Ledger(lines)).rows.isEmpty)
    }

    @Test func skippedReportsComeAgainAfterAllOthers() {
        var session = Samples.session(Samples.ten)
        let lines = session.press([Samples.key("s"), Samples.key("1")])
        let later = Samples.session(Samples.ten, ledger: Ledger(lines))
        #expect(later.items.last?.text == "tweet number 0")
        #expect(later.item?.text == "tweet number 2" && later.done == 1)
    }

    @Test func aNoteIsKeptWithTheDecisionAndCtrlCKeepsWhatIsTyped() {
        var session = Samples.session(Samples.ten)
        var lines = session.press([Samples.key("n")]) + session.type("irony? q") + session.press([.enter, .enter])
        #expect(session.judgement(0) == Judgement(.label("positive"), note: "irony? q"))
        lines += session.press([Samples.key("n")]) + session.type("half") + session.press([.interrupt])
        #expect(Ledger(lines).judgement(of: Samples.ten[1].id, by: "ana") == Judgement(.open, note: "half"))
    }

    @Test func escDropsANoteAndBackspaceDeletesInIt() {
        var session = Samples.session(Samples.ten)
        _ = session.press([Samples.key("n")])
        _ = session.type("ab")
        _ = session.press([.backspace])
        #expect(session.mode == .note("a"))
        #expect(session.press([.escape]).isEmpty && session.mode == .deciding)
    }

    @Test func searchGoesToTheNextReportAndAgainToTheOneAfterIt() {
        var session = Samples.session(Samples.ten + [Samples.report(20, "TWEET NUMBER 1 again")])
        _ = session.press([Samples.key("/")])
        _ = session.type("number 1")
        _ = session.press([.enter])
        #expect(session.position == 1)
        _ = session.press([Samples.key("/"), .enter])
        #expect(session.position == 10)
        _ = session.press([Samples.key("/"), Samples.key("z"), .enter])
        #expect(session.message == "No report contains 'z'." && session.position == 10)
    }

    @Test func aPastedTextDecidesNothing() {
        var session = Samples.session(Samples.ten)
        #expect(session.press([.paste("1 2 p x")]).isEmpty && session.done == 0)
        _ = session.press([Samples.key("n"), .paste("a\nb")])
        #expect(session.mode == .note("a b"))
    }

    @Test func noKeyWorksWithoutItsHint() {
        var random = Seeded(11)
        var session = Samples.session(Samples.ten)
        let keys: [Key] =
            (0x20..<0x7F).map { .character(Character(Unicode.Scalar($0))) } + [
                .enter, .escape, .backspace, .left, .right, .up, .down, .interrupt, .other, .character("é"),
            ]
        for _ in 0..<3000 {
            guard let key = keys.randomElement(using: &random) else { return }
            let hinted = session.commands.contains { $0.keys.contains(key) }
            let screen = ReviewScreen(session, .init(), .init(columns: 80, rows: 24))
            let text = screen.lines.map(\.text).joined(separator: "\n")
            for command in session.commands { #expect(text.contains(" \(command.name) \(command.meaning)")) }
            let before = session
            let effect = session.press(key, at: Samples.time)
            if !hinted, before.mode == .deciding {
                #expect(effect == .none && session.position == before.position && session.mode == before.mode)
            }
        }
    }

    @Test func everyStateCanBeContinuedFromItsJournal() {
        var random = Seeded(5)
        var session = Samples.session(Samples.ten)
        var lines: [JournalLine] = []
        let keys = "12psxunn/".map(Key.character) + [.enter, .enter, .escape, .left, .right, .backspace]
        for _ in 0..<2000 {
            guard let key = keys.randomElement(using: &random) else { return }
            lines += session.press([key])
            let later = Samples.session(Samples.ten, ledger: Ledger(lines))
            for (index, item) in session.items.enumerated() {
                let other = later.items.firstIndex { $0.report.id == item.report.id } ?? -1
                #expect(later.judgement(other) == session.judgement(index))
            }
        }
        #expect(lines.count > 500)
    }

    @Test func labelsHaveDifferentKeys() {
        let names = (0..<Command.mostLabels).map { "\(["a", "q", "s", "z"][$0 % 4])label\($0)" } + []
        let keys = Command.labels(names).flatMap(\.keys) + Command.common.flatMap(\.keys)
        #expect(Set(keys).count == keys.count && keys.count >= Command.mostLabels)
        #expect(Command.labels(["good", "bad"]).map(\.name) == ["1/g", "2/b"])
        #expect(Command.labels(["negative", "neutral"]).map(\.name) == ["1", "2"])
    }

    @Test func disagreementsAreSettledForAll() {
        var lines: [JournalLine] = []
        for (name, keys) in [("ana", "112"), ("bob", "121")] {
            var session = Samples.session(Samples.ten, annotator: name, ledger: Ledger(lines))
            #expect(session.item?.text == "tweet number 0", "decisions of others are not shown")
            lines += session.type(keys)
        }
        #expect(ValidatedSet(Ledger(lines)).rows.map(\.text) == ["tweet number 0"])
        var settling = Samples.session(Samples.ten, annotator: "cid", settles: true, ledger: Ledger(lines))
        #expect(settling.items.map(\.text) == ["tweet number 1", "tweet number 2"])
        lines += settling.press([Samples.key("2"), Samples.key("x")])
        let set = ValidatedSet(Ledger(lines))
        #expect(set.rows.map(\.label) == ["negative", "positive"] && set.rejected == 1 && set.disputed == 0)
        #expect(set.rows.map(\.annotators) == [["ana", "bob"], ["cid"]])
        lines += settling.press([Samples.key("u")])
        #expect(ValidatedSet(Ledger(lines)).disputed == 1)
    }
}
