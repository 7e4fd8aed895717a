import Fixtures
import Foundation
import Testing

/// Many texts at once: bad rows, columns that are kept, pipes and plain lines.
@Suite(.enabled(if: Workplace.hasBinaries, "needs the binaries of `make build`"))
struct StreamTests {
    private func pinson(_ arguments: String..., input: String = "") throws -> Program.Result {
        try Program.run(Workplace.binary("pinson"), arguments, input: input)
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }

    private static let csv = "id,text,label\n1,so good,x\n2,\"late, \"\"again\"\"\",y\n3,only\n4,great,z\n"
    private static let problem = "standard input:4: the number of fields is 2, but the header has 3."

    @Test(arguments: ["text", "csv", "jsonl"])
    func theRowsBeforeABadOneAreWrittenAndThenTheExitCodeIsTwo(format: String) throws {
        let result = try pinson("classify", Images.model, "--input", "-", "--format", format, input: Self.csv)
        #expect(result.status == 2)
        #expect(lines(result.output).count == (format == "csv" ? 3 : 2))
        #expect(result.error == "pinson: \(Self.problem)\n")
    }

    @Test(arguments: ["classify", "embed", "tokenize"])
    func aBadRowIsLeftOutIfTheUserWants(command: String) throws {
        let result = try pinson(command, Images.model, "--input", "-", "--on-error", "skip", input: Self.csv)
        #expect(result.status == 0)
        #expect(lines(result.output).count == 3)
        #expect(result.error == "skipped \(Self.problem)\nstandard input: 1 of 4 rows were skipped\n")
        let stopped = try pinson(command, Images.model, "-", input: Self.csv)
        #expect(stopped.status == 2)
        #expect(lines(stopped.output).count == 2)
    }

    @Test func nothingButBadRowsIsAnError() throws {
        let result = try pinson("classify", Images.model, "-", "--on-error", "skip", input: "text,id\na\nb\n")
        #expect(result.status == 2)
        #expect(result.error.hasSuffix("2 of 2 rows were skipped\npinson: standard input: no tweets found.\n"))
    }

    @Test func evaluateAndPackLeaveOutBadRowsToo() throws {
        let data = "text,label\nso good,positive\nonly\nlate,angry\nbad,\nawful,negative\n"
        let result = try pinson("evaluate", Images.model, "--data", "-", "--on-error", "skip", "--json", input: data)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("\"count\" : 2"))
        #expect(result.error.contains("skipped standard input:4: the model does not know the label 'angry'"))
        #expect(result.error.contains("standard input: 3 of 5 rows were skipped"))
        #expect(try pinson("evaluate", Images.model, "--data", "-", input: data).status == 2)
    }

    /// A combining mark after an equals sign forms one character with it.
    @Test func aLabelMayStartWithACombiningMark() throws {
        let data = "text,label\nso good,\u{301}a\n"
        let result = try pinson(
            "evaluate", Images.model, "--data", "-", "--map", "\u{301}a=positive", "--map", "b=\u{301}", input: data)
        #expect(result.error.contains("The value 'b=\u{301}' is invalid"), "\(result.error)")
        #expect(result.error.contains("the model has no label '\u{301}'"), "\(result.error)")
    }

    @Test func theColumnsOfTheInputAreKept() throws {
        let input = "id,text,label,score,id\n1,so good,x,9,7\n"
        let csv = try pinson("classify", Images.model, "-", "--format", "csv", input: input).output
        #expect(
            csv.hasPrefix("id,text,input_label,input_score,id_2,label,score\n1,so good,x,9,7,positive,0."), "\(csv)")
        let json = try pinson("classify", Images.model, "-", "--format", "jsonl", input: input).output
        #expect(
            json.hasPrefix(
                #"{"id":"1","text":"so good","input_label":"x","input_score":"9","id_2":"7","label":"positive","score":0."#
            ), "\(json)")
        let object = #"{"id":12345678901234567890,"body":"so good","embedding":null,"x":{"a":[1.0]}}"#
        let embedded = try pinson("embed", Images.model, "-", "--text-column", "body", input: object).output
        #expect(
            embedded.hasPrefix(
                #"{"id":12345678901234567890,"body":"so good","input_embedding":null,"x":{"a":[1.0]},"embedding":[-0."#),
            "\(embedded)")
    }

    @Test func objectsBecomeRecordsWithTheKeysOfTheFirst() throws {
        let input =
            #"{"id":7,"text":"so good"}"# + "\n" + #"{"text":"late","id":null}"# + "\n" + #"{"text":"x","new":1}"#
        let result = try pinson("classify", Images.model, "-", "--format", "csv", "--on-error", "skip", input: input)
        #expect(result.output.contains("id,text,label,score\n7,so good,positive,"))
        #expect(result.output.contains("\n,late,negative,"))
        #expect(result.error.contains("standard input:3: the object has the key 'new'"))
    }

    /// A quote after U+0600 or before U+0301 is a part of a character, but it is still a quote in the file.
    @Test(arguments: ["\u{600}\"", "\"\u{301}", "\u{600},", "\r\n", "\u{110BD}\",injected,\"", "a\u{301}\"\u{301}"])
    func aFieldIsReadAsItWasWritten(text: String) throws {
        let object = try JSONSerialization.data(withJSONObject: ["text": text, "\u{600}\"id": text])
        let input = String(decoding: object, as: UTF8.self)
        let csv = try pinson("classify", Images.model, "-", "--format", "csv", input: input)
        #expect(csv.status == 0, "\(csv.error)")
        let script = "import csv,json,sys; print(json.dumps(list(csv.DictReader(sys.stdin))))"
        let python = try #require(Program.find("python3"))
        let records = try Program.run(python, ["-c", script], input: csv.output)
        let found = try JSONSerialization.jsonObject(with: Data(records.output.utf8)) as? [[String: Any]]
        #expect(found?.count == 1)
        for name in ["text", "\u{600}\"id"] {
            let field = found?.first?[name] as? String
            #expect(field?.unicodeScalars.elementsEqual(text.unicodeScalars) == true, "\(csv.output)")
        }
    }

    @Test(arguments: ["classify", "embed", "tokenize"])
    func eachTextOfAPipeIsAnsweredBeforeTheNextOne(command: String) throws {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = Workplace.binary("pinson")
        process.arguments = [command, Images.model, "-"]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        defer { process.waitUntilExit() }
        for index in 0..<5 {
            // The second row has arrived only in part.
            let rest = index == 0 ? "text,id\n\"so\ngood\",0\n\"part" : " \(index)\",\(index)\n\"part"
            try input.fileHandleForWriting.write(contentsOf: Data(rest.utf8))
            let answer = output.fileHandleForReading.availableData  // waits until something arrives
            #expect(lines(String(decoding: answer, as: UTF8.self)).count == 1)
        }
        try input.fileHandleForWriting.write(contentsOf: Data(" end\",9\n".utf8))
        try input.fileHandleForWriting.close()
        #expect(lines(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)).count == 1)
    }

    @Test func aLineIsATextAndAHyphenIsStandardInput() throws {
        let input = "so good\n\ntext,\"late\r\n-"
        let expected = try pinson("tokenize", Images.model, "so good", "", "text,\"late", "--", "\u{2D}\u{200B}").output
        let found = try pinson("tokenize", Images.model, "-", "--lines", input: input).output
        #expect(lines(found).count == 4)
        #expect(lines(found).prefix(3) == lines(expected).prefix(3))
        let both = try pinson("classify", Images.model, "--input", "-", "--lines", "--format", "csv", input: input)
        #expect(lines(both.output).first == "text,label,score")
        #expect(lines(both.output).count == 5)
    }
}
