import Fixtures
import Foundation
import Testing

@testable import Training

@Suite struct TweetReaderTests {
    private func read(_ content: Data, as name: String = "tweets.csv") throws -> [Tweet] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            try content.write(to: file)
            return try readAll(file.path)
        }
    }

    private func read(_ content: String, as name: String = "tweets.csv") throws -> [Tweet] {
        try read(Data(content.utf8), as: name)
    }

    @Test func csvColumnsCanBeInAnyOrder() throws {
        #expect(try read("text,id,label\ngood,1,positive\n") == [Tweet(text: "good", label: "positive", line: 2)])
        #expect(try read("text\r\ngood\r\nbad") == [Tweet(text: "good", line: 2), Tweet(text: "bad", line: 3)])
    }

    @Test func quotedFieldsKeepCommasQuotesAndLineBreaks() throws {
        let tweets = try read("label,text\nnegative,\"so \"\"late\"\",\nagain\"\npositive,a \"b\" c\n")
        #expect(
            tweets == [
                Tweet(text: "so \"late\",\nagain", label: "negative", line: 2),
                Tweet(text: "a \"b\" c", label: "positive", line: 4),
            ])
    }

    @Test func sentiment140IsReadWithoutAHeader() throws {
        let tweets = try read(
            "\"0\",\"1\",\"Mon\",\"NO_QUERY\",\"me\",\"bad, bad\"\n\"4\",\"2\",\"Tue\",\"q\",\"me\",\"good\"\n\"2\",,,,,x\n"
        )
        #expect(tweets.map(\.label) == ["negative", "positive", "neutral"])
        #expect(tweets.map(\.text) == ["bad, bad", "good", "x"])
        #expect(tweets.map(\.line) == [1, 2, 3])
    }

    @Test func fieldsThatAreNotUTF8AreReadAsLatin1() throws {
        #expect(
            try read(Data("text\n".utf8) + [0x63, 0x61, 0x66, 0xE9] + Data("\ncafé\n".utf8)).map(\.text) == [
                "café", "café",
            ])
    }

    @Test func aByteOrderMarkIsNotPartOfTheHeader() throws {
        #expect(try read(Data([0xEF, 0xBB, 0xBF]) + Data("text\nx\n".utf8)).map(\.text) == ["x"])
    }

    @Test func jsonLinesAreRecognizedByFileNameOrFirstByte() throws {
        let lines = "{\"text\": \"a\", \"label\": \"negative\"}\n\n{\"text\": \"b\\nc\"}\n"
        let expected = [Tweet(text: "a", label: "negative", line: 1), Tweet(text: "b\nc", line: 3)]
        #expect(try read(lines, as: "tweets.jsonl") == expected)
        #expect(try read(lines, as: "tweets") == expected)
    }

    @Test func emptyLinesAreSkippedAndEmptyTextsAreKept() throws {
        let blank = String(repeating: "\n", count: 100_000)
        #expect(try read("text,label\n\na,b\n\n") == [Tweet(text: "a", label: "b", line: 3)])
        #expect(try read("text\n\"\"\nx\n").map(\.text) == ["", "x"])
        #expect(try read("text\n\(blank)x\r\n\r\n").map(\.line) == [100_002])
        #expect(try read("{\"text\":\"a\"}\n\(blank)", as: "x.jsonl").count == 1)
    }

    @Test(arguments: [
        (
            "a,b\n1,2\n", "x.csv",
            "x.csv:1: the header has no column named 'text'; its columns are 'a', 'b'. Name the column of the texts with '--text-column'. A file without a header must have the six columns of Sentiment140, the first of them 0, 2 or 4."
        ),
        ("text,label\na\n", "x.csv", "x.csv:2: the number of fields is 1, but the header has 2."),
        ("text\n\"a\n\n", "x.csv", "x.csv:2: a quoted field of this record has no closing quote."),
        (
            "0,1,2,3,4,5\n7,1,2,3,4,5\n", "x.csv",
            "x.csv:2: this is not a Sentiment140 record, which has six fields and starts with 0, 2 or 4."
        ),
        (
            "{\"text\":\"a\"}\n{\n", "x.jsonl",
            "x.jsonl:2: this line is not a JSON object: expected a key in quotes at byte 1."
        ),
        ("{\"text\":1}\n", "x.jsonl", "x.jsonl:1: the value of \"text\" is not a string."),
        (
            "{\"body\":1,\"a\":2}\n", "x.jsonl",
            "x.jsonl:1: the object has no key named 'text'; its keys are 'a', 'body'."
        ),
        ("{}\n", "x.jsonl", "x.jsonl:1: the object has no key named 'text'; it is empty."),
        ("{\"text\":\"a\",\"label\":4}", "x.jsonl", "x.jsonl:1: the value of \"label\" is not a string."),
        ("", "x.csv", "x.csv: no tweets found."),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "x.csv",
            "x.csv: cannot be read: it is a pointer of Git LFS, not the file itself; run `git lfs pull` in its repository."
        ),
    ])
    func anErrorNamesTheFileTheLineAndTheProblem(content: String, name: String, message: String) {
        let error = #expect(throws: DataError.self) { try read(content, as: name) }
        #expect(error?.description.hasSuffix(message) == true, "\(error?.description ?? "")")
    }

    @Test func aLabelErrorNamesTheLineAndTheNextStep() {
        #expect(
            DataError.missingLabel(path: "x.csv", line: 2).description
                == "x.csv:2: this tweet has no label; add a column or key named 'label' to the data, or name the one that has the labels with '--label-column'."
        )
        #expect(
            DataError.unknownLabel(path: "x.csv", line: 3, label: "angry", known: ["negative", "positive"]).description
                == "x.csv:3: the model does not know the label 'angry'; its labels are 'negative', 'positive'. If it is another name of one of them, give '--map angry=NAME'."
        )
    }

    @Test func aMissingFileAndAFolderAreReported() throws {
        #expect(throws: DataError.unreadable(path: "/nowhere.csv", reason: "the file does not exist")) {
            try TweetReader(path: "/nowhere.csv")
        }
        #expect(throws: DataError.unreadable(path: "/tmp", reason: "it is a folder, but a file is expected")) {
            try TweetReader(path: "/tmp")
        }
    }

    @Test func aFieldCanBeLongerThanAChunk() throws {
        let long = String(repeating: "é,\"", count: 30000)
        let text = "text\n\"" + long.replacing("\"", with: "\"\"") + "\"\nend\n"
        #expect(try read(text).map(\.text) == [long, "end"])
    }
}
