import Fixtures
import Testing

@testable import Validation

@Suite struct NearDuplicateTests {
    private static let words = [
        "late", "again", "flight", "thanks", "delay", "love", "crew", "bag", "lost", "so", "good",
    ]

    /// Texts of which many are changed copies of others.
    private func texts(_ count: Int) -> [String] {
        var random = Seeded(9)
        var texts: [String] = []
        for _ in 0..<count {
            if let old = texts.randomElement(using: &random), Int.random(in: 0..<3, using: &random) > 0 {
                var words = old.split(separator: " ").map(String.init)
                let place = Int.random(in: 0..<words.count, using: &random)
                words[place] = Self.words.randomElement(using: &random) ?? ""
                texts.append(words.joined(separator: " "))
            } else {
                let words = (0..<Int.random(in: 4...12, using: &random)).map { _ in
                    (Self.words.randomElement(using: &random) ?? "") + "\(Int.random(in: 0..<50, using: &random))"
                }
                texts.append(words.joined(separator: " "))
            }
        }
        return texts
    }

    @Test(arguments: [0.3, 0.6, 0.9, 1])
    func allPairsAreFoundThatComparingEachWithEachFinds(threshold: Double) {
        let texts = texts(150)
        func set(_ text: String) -> Set<[Character]> {
            let characters = Array(" \(text) ")
            return Set((0..<characters.count - 2).map { Array(characters[$0..<$0 + 3]) })
        }
        let sets = texts.map(set)
        let index = NearDuplicates(texts, threshold: threshold)
        var count = 0
        for one in texts.indices {
            let expected = texts.indices.filter { other in
                let common = sets[one].intersection(sets[other]).count
                let all = sets[one].count + sets[other].count - common
                return other != one && Double(common) / Double(all) >= threshold
            }
            #expect(index.matches(of: one, limit: .max).map(\.index).sorted() == expected)
            count += expected.count
        }
        #expect(count > 0)
    }

    @Test func linksAndUserNamesAndCapitalsDoNotMatter() {
        let index = NearDuplicates([
            "@ana LATE again https://t.co/a", "@bob late again https://t.co/zzzzzz", "nothing like it", "", "",
        ])
        #expect(index.matches(of: 0) == [.init(index: 1, similarity: 1)])
        #expect(index.matches(of: 3).isEmpty)
    }

    @Test func disagreementsComeFirstAndAmongThemTheLeastSure() {
        let reports = [
            Samples.report(0, "a", score: 0.55), Samples.report(1, "b", score: 0.9, expected: "negative"),
            Samples.report(2, "c", score: 0.6, expected: "negative"),
            Samples.report(3, "d", score: 0.1, isCorrect: false),
            Samples.report(4, "e", score: 0.5, expected: "positive"),
        ]
        #expect(ReviewOrder.sorted(Samples.items(reports)).map(\.text) == ["c", "b", "d", "e", "a"])
        let opinions = [0.9, 0.8, 0.7, 0.6, 0.51].map { score in
            Opinion(label: "negative", scores: [("positive", 1 - score), ("negative", score)])
        }
        let items = zip(reports, opinions).compactMap { ReviewItem($0, labels: Samples.labels, opinion: $1) }
        #expect(ReviewOrder.sorted(items).map(\.text) == ["e", "d", "c", "b", "a"])
    }
}
