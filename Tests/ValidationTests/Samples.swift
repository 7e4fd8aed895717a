import Feedback
import Fixtures
import Foundation
import Validation

/// Reports and sessions that tests share.
enum Samples {
    static let labels = ["negative", "positive"]
    static let time = FeedbackTime(milliseconds: 1_790_000_000_000)

    static func report(
        _ index: Int, _ text: String, predicted: String = "positive", score: Double = 0.9, expected: String? = nil,
        comment: String? = nil, isCorrect: Bool? = nil
    ) -> FeedbackRecord {
        FeedbackRecord(
            id: FeedbackID(digest: [UInt8](repeating: 0, count: 12) + [0, 0, UInt8(index >> 8), UInt8(index & 255)]),
            time: FeedbackTime(milliseconds: 1_790_000_000_000 + index * 1000), content: .text(text),
            predicted: predicted, score: score, expected: expected, comment: comment,
            isCorrect: isCorrect ?? expected.map { $0 == predicted }, model: "tiny", modelDigest: "ab", version: "0.1",
            instance: "one")
    }

    static func items(_ reports: [FeedbackRecord], labels: [String] = labels) -> [ReviewItem] {
        reports.compactMap { ReviewItem($0, labels: labels, opinion: nil) }
    }

    static func session(
        _ reports: [FeedbackRecord], labels: [String] = labels, annotator: String = "ana", settles: Bool = false,
        ledger: Ledger = Ledger()
    ) -> Session {
        Session(
            items: items(reports, labels: labels), labels: labels, annotator: annotator, settles: settles,
            ledger: ledger)
    }

    /// Ten reports, the odd ones with an expected label.
    static let ten = (0..<10).map {
        report($0, "tweet number \($0)", expected: $0 % 2 == 1 ? "negative" : nil)
    }

    /// The key of a letter.
    static func key(_ character: Character) -> Key { .character(character) }
}

extension Session {
    /// Presses keys, and returns the lines for the journal.
    mutating func press(_ keys: [Key]) -> [JournalLine] {
        keys.compactMap { key in
            switch press(key, at: Samples.time) {
            case .record(let entry), .quit(let entry?): .entry(entry)
            case .none, .quit(nil): nil
            }
        }
    }

    /// Types a text, one key for each character.
    mutating func type(_ text: String) -> [JournalLine] { press(text.map { .character($0) }) }
}
