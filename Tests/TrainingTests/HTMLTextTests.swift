import Testing

@testable import Training

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"), ("\"it's\"", "&quot;it&#39;s&quot;"),
        ("<\u{338}script>", "&lt;\u{338}script&gt;"), ("&\u{301}", "&amp;\u{301}"), ("\"\u{20DD}", "&quot;\u{20DD}"),
        ("a\u{0}b\u{8}c\u{9F}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"),
        ("a\tb\nc", "a\tb\nc"), ("a\r\nb\rc\n\nd", "a\nb\nc\n\nd"), ("\u{1F600} é 東", "\u{1F600} é 東"), ("", ""),
    ])
    func textIsEscapedScalarByScalar(text: String, escaped: String) {
        #expect(Array(text.htmlEscaped.unicodeScalars) == Array(escaped.unicodeScalars))
    }

    @Test(arguments: [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF] as [UInt32])
    func aNoncharacterIsReplaced(value: UInt32) throws {
        let text = String(Character(try #require(Unicode.Scalar(value))))
        #expect("a\(text)b".htmlEscaped == "a\u{FFFD}b")
    }

    @Test func aTextIsCutBetweenScalars() {
        #expect("abcdef".shortened(to: 4) == "abc…")
        #expect("abcd".shortened(to: 4) == "abcd")
        #expect("".shortened(to: 0).isEmpty)
    }

    @Test func figuresAreRoundedAlikeAsShareAndInPerCent() {
        #expect(Figures.fixed(0.8045) == "0.804" && Figures.percent(0.8045, 1) == "80.4\u{A0}%")
        #expect(Figures.percent(0.19) == "19\u{A0}%" && Figures.percent(0.058) == "5.8\u{A0}%")
        #expect(Figures.percent(0) == "0\u{A0}%" && Figures.percent(0.0996) == "10\u{A0}%")
    }

    @Test func figuresHaveTrueSignsAndGroups() {
        #expect(Figures.signed(0.0128) == "+0.0128" && Figures.signed(-0.5, 1) == "−0.5")
        #expect(Figures.signed(0) == "0.0000" && Figures.signed(-0.00001) == "0.0000")
        #expect(Figures.range(Interval(low: -0.1, high: 0.2), 1) == "−0.1 to 0.2")
        #expect(Figures.count(1_600_000) == "1,600,000" && Figures.count(999) == "999")
        #expect(Figures.probability(0.00001) == "below 0.0001" && Figures.probability(0.0042) == "0.0042")
    }
}
