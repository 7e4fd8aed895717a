import Fixtures
import Foundation
import Testing

@testable import Training

/// The columns that a tweet keeps besides its text and its label.
@Suite struct FieldTests {
    private func read(
        _ content: String, as name: String = "x.csv", _ options: TweetReader.Options = .init()
    ) throws -> [Result<Tweet, DataError>] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            try Data(content.utf8).write(to: file)
            var reader = try TweetReader(path: file.path, options)
            return try reader.next(.max)
        }
    }

    private func fields(_ row: Result<Tweet, DataError>?) throws -> [String] {
        try #require(row).get().fields.map { field in
            switch field.value {
            case .text(let text): "\(field.name)=\(text)"
            case .json(let source): "\(field.name):\(String(decoding: source, as: UTF8.self))"
            }
        }
    }

    @Test func aRecordKeepsItsColumnsInOrder() throws {
        let rows = try read("id,text,label,id\n1,\"a,\"\"b\"\"\",x,2\n")
        #expect(try fields(rows.first) == ["id=1", "text=a,\"b\"", "label=x", "id=2"])
    }

    @Test func theColumnsOfSentiment140HaveNames() throws {
        let rows = try read("\"4\",\"7\",\"Mon\",\"NO_QUERY\",\"me\",\"hi\"\n")
        #expect(
            try fields(rows.first) == ["polarity=4", "id=7", "date=Mon", "query=NO_QUERY", "user=me", "text=hi"])
    }

    @Test func aValueOfJSONIsKeptAsItIsWritten() throws {
        let line =
            "{\"id\": 12345678901234567890123, \"text\":\"\\u00e9\", \"x\":[1.50,\r null] ,\"é\":1,\"e\u{301}\":2}"
        let rows = try read(line + "\r\n", as: "x.jsonl")
        #expect(
            try fields(rows.first) == [
                "id:12345678901234567890123", "text:\"\\u00e9\"", "x:[1.50,  null]", "é:1", "e\u{301}:2",
            ])
    }

    @Test func allRowsHaveTheColumnsOfTheFirstObjectIfTheCallerNeedsIt() throws {
        let lines = """
            {bad
            {"id":1,"text":"a","x":[1,2]}
            {"x":null,"text":"b"}
            {"text":"c","y":1}
            """
        let rows = try read(lines, as: "x.jsonl", .init(hasSameColumns: true))
        #expect(rows.count == 4)
        #expect(try fields(rows[1]) == ["id=1", "text=a", "x=[1,2]"])
        #expect(try fields(rows[2]) == ["id=", "text=b", "x="])
        #expect(throws: DataError.self) { try rows[3].get() }
    }

    @Test func eachLineIsATextIfTheCallerWantsLines() throws {
        let rows = try read("text,label\n\n{\"text\":1}\r\n\"open\nend", .init(isLines: true))
        #expect(
            try rows.map { try $0.get() }.map { "\($0.line) \($0.text)" } == [
                "1 text,label", "2 ", "3 {\"text\":1}", "4 \"open", "5 end",
            ])
        #expect(try fields(rows.last) == ["text=end"])
    }

    private func read(_ content: String, _ options: TweetReader.Options) throws -> [Result<Tweet, DataError>] {
        try read(content, as: "x.csv", options)
    }
}
