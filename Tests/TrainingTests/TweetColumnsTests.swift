import Fixtures
import Foundation
import Testing

@testable import Training

/// Data whose columns have other names than `text` and `label`.
@Suite struct TweetColumnsTests {
    private func read(
        _ content: String, as name: String = "tweets.csv", _ columns: TweetColumns = TweetColumns()
    ) throws -> [Tweet] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            try Data(content.utf8).write(to: file)
            #expect((try? TweetReader.count(file.path, columns: columns)) ?? 1 == 1)
            return try readAll(file.path, columns: columns)
        }
    }

    /// The header of the data set of tweets about airlines on Kaggle.
    private static let airline =
        "tweet_id,airline_sentiment,airline_sentiment_confidence,negativereason,negativereason_confidence,airline,"
        + "airline_sentiment_gold,name,negativereason_gold,retweet_count,text,tweet_coord,tweet_created,"
        + "tweet_location,user_timezone\n"

    @Test func theLabelsOfTheAirlineDataSetAreReadFromTheirColumn() throws {
        let record =
            "570300616901320704,negative,0.6842,Late Flight,0.3684,Delta,,Somebody,,0,"
            + "\"@Delta late,\nagain\",\"[0.0, 0.0]\",2015-02-24 11:12:29 -0800,,Quito\n"
        let content = Self.airline + record
        let text = "@Delta late,\nagain"
        #expect(
            try read(content, TweetColumns(label: "airline_sentiment")) == [
                Tweet(text: text, label: "negative", line: 2)
            ])
        #expect(
            try read(content, TweetColumns(text: "name", label: "negativereason")) == [
                Tweet(text: "Somebody", label: "Late Flight", line: 2)
            ])
        #expect(try read(content) == [Tweet(text: text, line: 2)])
    }

    @Test func theKeysOfJSONLinesCanHaveOtherNames() throws {
        let line = "{\"text\":1,\"body\":\"a\",\"mood\":\"good\",\"label\":2,\"none\":null}\n"
        #expect(
            try read(line, as: "x.jsonl", TweetColumns(text: "body", label: "mood")) == [
                Tweet(text: "a", label: "good", line: 1)
            ])
        #expect(try read(line, as: "x.jsonl", TweetColumns(text: "body", label: "none")) == [Tweet(text: "a", line: 1)])
    }

    @Test(arguments: [
        (
            "a,b\nx,y\n", "x.csv", TweetColumns(text: "c"),
            "x.csv:1: the header has no column named 'c'; its columns are 'a', 'b'. Name the column of the texts with '--text-column'."
        ),
        (
            "text,b\nx,y\n", "x.csv", TweetColumns(label: "mood"),
            "x.csv:1: the header has no column named 'mood'; its columns are 'text', 'b'. Name the column of the labels with '--label-column'."
        ),
        (
            "0,1,2,3,4,5\n", "x.csv", TweetColumns(label: "label"),
            "x.csv:1: the header has no column named 'text'; its columns are '0', '1', '2', '3', '4', '5'."
        ),
        (
            "{\"text\":\"a\"}\n", "x.jsonl", TweetColumns(text: "body"),
            "x.jsonl:1: the object has no key named 'body'; its keys are 'text'."
        ),
        (
            "{\"text\":\"a\",\"b\":1}\n", "x.jsonl", TweetColumns(label: "mood"),
            "x.jsonl:1: the object has no key named 'mood'; its keys are 'b', 'text'."
        ),
    ])
    func aColumnThatIsNotThereIsReportedWithThoseThatAre(
        content: String, name: String, columns: TweetColumns, message: String
    ) {
        let error = #expect(throws: DataError.self) { try read(content, as: name, columns) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
