import Testing

@testable import Tracking

/// The order of champions, also after a program was stopped between two steps.
@Suite struct ChampionHistoryTests {
    @Test func championsAreAddedAndTakenBackOneByOne() {
        var history = ChampionHistory(nil)
        history.append("1", after: nil)
        history.append("3", after: "1")
        history.append("4", after: "3")
        #expect(history.text == "1 3 4" && history.before("4") == ["3", "1"])
        history.goBack(to: "3", from: "4")
        #expect(history.text == "1 3" && history.before("3") == ["1"])
        history.goBack(to: "1", from: "3")
        #expect(history.text == "1" && history.before("1").isEmpty)
    }

    @Test func aNewChampionAfterAStepBackReplacesTheOneThatWasTakenBack() {
        var history = ChampionHistory("1 3 4")
        history.goBack(to: "3", from: "4")
        history.append("5", after: "3")
        #expect(history.text == "1 3 5" && history.before("5") == ["3", "1"])
    }

    @Test func aChampionOfAnotherProgramIsPartOfTheHistory() {
        var history = ChampionHistory("1 3")
        #expect(history.before("7") == ["3", "1"])  // somebody made 7 the champion on MLflow's page
        history.append("8", after: "7")
        #expect(history.text == "1 3 7 8")
        #expect(ChampionHistory("1 3").before(nil) == ["3", "1"])  // somebody has removed the alias
    }

    @Test func aStepThatWasNotWrittenDownIsFoundFromTheChampion() {
        // 4 became the champion, and the program was stopped before it wrote the history.
        #expect(ChampionHistory("1 3").before("4").first == "3")
        // 4 was taken back to 3, and the program was stopped before it wrote the history.
        #expect(ChampionHistory("1 3 4").before("3") == ["1"])
        var history = ChampionHistory("1 3 4")
        history.append("5", after: "3")
        #expect(history.text == "1 3 5")
    }

    @Test func aVersionThatIsPromotedAgainDoesNotMakeACircle() {
        var history = ChampionHistory("1 3")
        history.append("1", after: "3")
        #expect(history.text == "1 3 1" && history.before("1") == ["3"])
        history.goBack(to: "3", from: "1")
        #expect(history.text == "1 3" && history.before("3") == ["1"])
    }

    @Test func theHistoryIsBoundedAndIgnoresWhatIsNoVersion() {
        var history = ChampionHistory("x 1 -- 2 ")
        #expect(history.text == "1 2")
        for version in 3...200 { history.append("\(version)", after: "\(version - 1)") }
        #expect(history.versions.count == 100 && history.before("200").first == "199")
    }
}
