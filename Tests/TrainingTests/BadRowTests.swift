import Fixtures
import Foundation
import Testing

@testable import Training

/// Rows that are not valid, and the rows around them.
@Suite struct BadRowTests {
    private typealias Row = Result<Tweet, DataError>

    private func read(
        _ content: String, as name: String = "x.csv", _ options: TweetReader.Options = .init()
    ) throws -> [Row] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            try Data(content.utf8).write(to: file)
            var reader = try TweetReader(path: file.path, options)
            let rows = try reader.next(.max)
            #expect(try TweetReader.count(file.path, options) == rows.count)
            return rows
        }
    }

    /// What a user sees of a row: the text, or the error after the folder of the file.
    private func summary(_ row: Row) -> String {
        switch row {
        case .success(let tweet): "\(tweet.line) \(tweet.text)"
        case .failure(let error): error.description.split(separator: "/").last.map(String.init) ?? ""
        }
    }

    @Test func theRowsAroundABadOneAreRead() throws {
        #expect(
            try read("id,text\n1,a\n2\n3,b\n").map(summary) == [
                "2 a", "x.csv:3: the number of fields is 1, but the header has 2.", "4 b",
            ])
        #expect(
            try read("{\"text\":\"a\"}\n[1]\n{\"text\":2}\n{\"text\":\"b\"}", as: "x.jsonl").map(summary) == [
                "1 a", "x.jsonl:2: this line is not a JSON object: expected '{' at byte 0.",
                "x.jsonl:3: the value of \"text\" is not a string.", "4 b",
            ])
    }

    @Test func aQuoteThatIsNeverClosedCostsOnlyItsLine() throws {
        let rows = try read("id,text\n1,a\n2,\"never\n3,b\n4,\"\"\"\"\nd\n")
        #expect(
            rows.map(summary) == [
                "2 a", "x.csv:3: a quoted field of this record has no closing quote.", "4 b",
                "5 \"", "x.csv:6: the number of fields is 1, but the header has 2.",
            ])
    }

    @Test(arguments: [("\"", "; a quote may not be closed"), ("", "")])
    func aRowThatIsTooLongCostsOnlyItsLine(quote: String, hint: String) throws {
        var options = TweetReader.Options()
        #expect(options.longestRow == 16_777_216)
        options.longestRow = 1000
        // The row ends within the bytes that are read at once, or in later ones.
        for length in [1001, 200_000] {
            let long = String(repeating: "x", count: length)
            let content = "text\na\n\(quote)\(long)\nb\n" + String(repeating: "c\n", count: 40_000)
            let rows = try read(content, as: "x.csv", options)
            #expect(rows.count == 40_003)
            #expect(
                rows.prefix(3).map(summary) == ["2 a", "x.csv:3: this row has more than 1000 bytes\(hint).", "4 b"])
        }
    }

    @Test func aLabelIsOnlyCheckedIfItIsRead() throws {
        let line = "{\"text\":\"a\",\"label\":4}\n"
        #expect(try read(line, as: "x.jsonl").map(summary) == ["x.jsonl:1: the value of \"label\" is not a string."])
        #expect(try read(line, as: "x.jsonl", .init(readsLabels: false)).map(summary) == ["1 a"])
    }

    @Test func anErrorShowsOnlyTheStartOfALongText() throws {
        let header = (0..<50).map { "\($0)" + String(repeating: "x", count: 1000) }.joined(separator: ",")
        let error = #expect(throws: DataError.self) { try read(header + "\n") }
        let message = error?.description ?? ""
        #expect(message.count < 3000)
        #expect(message.contains("and 30 more"))
    }
}
