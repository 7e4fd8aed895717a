import Fixtures
import Foundation
import Testing

@testable import Training

/// What is found in a set of texts.
@Suite struct DataDescriberTests {
    private func describe(_ texts: [(String, String?)], windows: Int = 1) -> DataDescription {
        var describer = DataDescriber()
        let tweets = texts.map { Tweet(text: $0.0, label: $0.1) }
        let size = max(1, tweets.count / windows)
        for start in stride(from: 0, to: tweets.count, by: size) {
            describer.add(Array(tweets[start..<min(start + size, tweets.count)]))
        }
        return describer.description()
    }

    @Test func problemsAreCounted() {
        let data = describe([
            ("so good", "a"), ("so good", "b"), ("so good", "a"), ("  \n", "a"), ("x", nil), ("y\u{FFFD}", "b"),
            ("x", nil),
        ])
        #expect(data.texts == 7 && data.empty == 1 && data.repeated == 3)
        #expect(data.contradictory == 1 && data.undecodable == 1)
        #expect(data.labels.map(\.name) == ["a", "b", nil])
        #expect(data.labels.map(\.texts) == [3, 2, 2])
    }

    @Test func sizesAreThoseOfCharactersAndWords() {
        let data = describe((1...100).map { (String(repeating: "é ", count: $0), "a") })
        let label = data.labels[0]
        #expect(label.characters.percentile(0.5) == 100 && label.characters.largest == 200)
        #expect(label.words.percentile(0.95) == 95 && label.words.mean == 50.5)
        #expect(label.characters.count(in: 0..<21) == 10)
    }

    @Test(arguments: [
        ("@air hi", [TextTrait.mention]), ("see http://a.b", [.link]), ("#late", [.hashtag]), ("ok 😀", [.emoji]),
        ("fine :-)", [.emoticon]), ("<3 you", [.emoticon]), ("I don't", [.negation]), ("SO late", [.capitals]),
        ("no way!", [.negation, .exclamation]), ("why?", [.question]), ("well...", [.ellipsis]), ("well…", [.ellipsis]),
        ("sooo", [.elongation]), ("8 people", []), ("x", []), ("a.b", []), ("D: what", [.emoticon]),
        ("plain words", []),
    ])
    func theTraitsOfATextAreFound(text: String, traits: [TextTrait]) {
        let found = describe([(text, "a")]).labels[0].traits
        #expect(Set(found.keys) == Set(traits), "\(text): \(found)")
    }

    @Test func wordsThatTellALabelComeFirst() {
        var random = Seeded(3)
        let filler = ["the", "flight", "to", "my", "gate", "crew"]
        let texts = (0..<400).map { index -> (String, String?) in
            let words = (0..<6).map { _ in filler.randomElement(using: &random) ?? "" }
            return (
                (words + [index % 2 == 0 ? "awful" : "lovely"]).joined(separator: " "), index % 2 == 0 ? "bad" : "good"
            )
        }
        let data = describe(texts, windows: 7)
        #expect(data.labels.map { $0.telling.first?.text }.sorted { $0 ?? "" < $1 ?? "" } == ["awful", "lovely"])
        for label in data.labels {
            #expect(label.telling[0].logOdds > 3 && label.telling[0].texts == 200)
            #expect(label.frequent.first?.texts == 200)
        }
    }

    @Test func theWindowsDoNotChangeTheResult() throws {
        let texts = (0..<300).map {
            ("text \($0 % 70) of \($0 % 11) words!", $0 % 3 == 0 ? "a" : "b") as (String, String?)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let results = try [1, 4, 100].map { try encoder.encode(describe(texts, windows: $0)) }
        #expect(Set(results).count == 1)
    }

    @Test func thePageShowsHostileTextsAsText() {
        let text = "<script>alert(1)</script> \u{202E}\"'&"
        let data = describe((0..<12).map { (text, "label \($0 % 2) <b>") })
        let html = DataReport(name: text, data: data).html
        #expect(!html.contains("<script") && !html.contains("<b>") && html.contains("&lt;b&gt;"))
        #expect(html.contains("default-src 'none'") && !html.contains("http:") && !html.contains("https:"))
    }
}
