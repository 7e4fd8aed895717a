import Feedback
import Fixtures
import Foundation
import Testing

@testable import Validation

@Suite struct ReviewScreenTests {
    private static let texts = [
        "late again, thanks @airline", "", "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m",
        "日本語のツイートです。" + String(repeating: "漢字", count: 80),
        "👩‍👩‍👧‍👦 🇫🇷 ❤️ 👍🏽 " + String(repeating: "😀", count: 200), "a\nb\r\nc\td", "\u{202E}evil\u{2066}",
        String(repeating: "word ", count: 3000), String(repeating: "x", count: 500),
        "e\u{301}\u{302}\u{303} שלום مرحبا",
    ]

    private static let evidence = ReviewScreen.Evidence(
        reasons: (0..<15).map { .init("wörd\($0)\u{1B}", Double($0) / 10 - 0.7) },
        similar: texts.map { .init(0.71, $0, .label("negative")) })

    private func sessions() -> [Session] {
        let reports = Self.texts.enumerated().map {
            Samples.report($0, $1, expected: $0 % 3 == 0 ? "negative" : nil, comment: $0 % 2 == 0 ? $1 : nil)
        }
        return reports.indices.map { index in
            var session = Samples.session(reports)
            _ = session.press([Key](repeating: .right, count: index) + (index % 4 == 3 ? [Samples.key("n")] : []))
            if index % 4 == 3 { _ = session.type(String(repeating: "note 漢 ", count: 30)) }
            return session
        }
    }

    @Test(arguments: [(60, 18), (80, 24), (100, 30), (120, 40), (200, 60), (33, 70), (10, 3), (1, 1)])
    func everyLineFitsAndNoneControlsTheTerminal(columns: Int, rows: Int) {
        for session in sessions() {
            let screen = ReviewScreen(session, Self.evidence, .init(columns: columns, rows: rows))
            #expect(screen.lines.count <= rows)
            #expect(screen.isTooSmall == (columns < 60 || rows < 18))
            if !screen.isTooSmall { #expect(screen.lines.count == rows) }
            for line in screen.lines { #expect(CellWidth.of(line.text) <= columns, "\(line.text)") }
            for line in screen.right { #expect(screen.rightColumn + CellWidth.of(line.text) <= columns) }
            for line in screen.lines + screen.right {
                let isSafe = line.text.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
                }
                #expect(isSafe, "\(line.text.debugDescription)")
            }
            if let cursor = screen.cursor { #expect(cursor.row < rows && cursor.column < columns) }
        }
    }

    @Test func theSequencesDrawOnlyWithKnownCommands() {
        for session in sessions() {
            for hasColours in [true, false] {
                let screen = ReviewScreen(session, Self.evidence, .init(columns: 200, rows: 60))
                let text = String(decoding: screen.sequences(hasColours: hasColours), as: UTF8.self)
                let rest = text.replacing(/\u{1B}\[(?:\?25[hl]|[0-9;]*[HKJm])/, with: "")
                #expect(!rest.unicodeScalars.contains("\u{1B}") && !rest.contains("\u{9B}"))
                #expect(text.contains("\u{1B}[32m") == hasColours)
            }
        }
    }

    @Test func aTextThatIsTooLongIsScrolledToItsEnd() {
        let words = (0..<2000).map { "w\($0)" }.joined(separator: " ")
        var session = Samples.session([Samples.report(0, words)])
        func shown() -> String {
            let screen = ReviewScreen(session, .init(), .init(columns: 80, rows: 24))
            session.limitScroll(to: screen.lastScroll)
            return screen.lines.map(\.text).joined(separator: "\n")
        }
        #expect(shown().contains("w0 w1") && !shown().contains("w1999"))
        _ = session.press([Key](repeating: .down, count: 2000))
        #expect(shown().contains("w1999"))
        _ = session.press([.up])
        #expect(!shown().contains("w1999"), "one step up is seen at once, however often down was pressed")
    }

    @Test func widthsAreThoseOfTheUnicodeStandard() throws {
        try #require(Python.interpreter != nil)
        let script = """
            import unicodedata as u
            for c in range(0xA0, 0x110000):
                s = chr(c)
                if u.category(s) not in ("Cn", "Cs", "Co", "Cf", "Mn", "Me", "Zl", "Zp"): print(c, 2 if u.east_asian_width(s) in "WF" else 1)
            """
        var (checked, wrong): (Int, [String]) = (0, [])
        for line in try Python.run(script).split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            guard let scalar = Unicode.Scalar(numbers[0]) else { continue }
            checked += 1
            if CellWidth.of(Character(scalar)) != Int(numbers[1]) { wrong.append(String(numbers[0], radix: 16)) }
        }
        // A later version of the standard has made some symbols wide, and terminals do not show fillers.
        let later = Set<UInt32>((0x2630...0x2637).map { $0 } + (0x268A...0x268F) + (0x4DC0...0x4DFF))
            .union([0x115F, 0x1160, 0x3164, 0xFFA0])
        let old = wrong.filter { UInt32($0, radix: 16).map { !later.contains($0) && $0 < 0x16FE0 } ?? true }
        #expect(checked > 100_000 && old.isEmpty, "\(old.prefix(40))")
    }

    @Test func sequencesOfEmojisAreTwoColumnsWide() {
        for emoji in ["😀", "👩‍👩‍👧‍👦", "🇫🇷", "❤️", "👍🏽", "1️⃣"] { #expect(CellWidth.of(emoji) == 2, "\(emoji)") }
        #expect(CellWidth.of("e\u{301}") == 1 && CellWidth.of("❤") == 1)
    }

    @Test(arguments: ["", " ", "a b", "aaa bbb ccc", "  two  spaces ", "漢字漢字 漢", String(repeating: "y", count: 40)])
    func wrappedTextKeepsAllCharacters(text: String) {
        for width in [2, 3, 5, 10, 80] {
            let lines = Line.wrap(text, width)
            #expect(lines.allSatisfy { CellWidth.of($0) <= width })
            #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
        }
        #expect(Line.wrap(text, 80) == [text])
    }
}
