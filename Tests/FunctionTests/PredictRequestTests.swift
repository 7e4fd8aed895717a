import JSON
import NIOHTTP1
import Testing

@testable import function

@Suite struct PredictRequestTests {
    private func request(_ text: String) throws -> PredictRequest { try PredictRequest(JSON(parsing: text.utf8)) }

    @Test(arguments: [
        (#"{"text":"a"}"#, PredictRequest.Dialect.text, ["a"]), (#"{"tweet":"a"}"#, .tweet, ["a"]),
        (#"{"inputs":"a"}"#, .input, ["a"]),
        (#"{"inputs":["a","b"]}"#, .inputs, ["a", "b"]), (#"{"texts":["a"],"extra":null}"#, .texts, ["a"]),
    ])
    func everyDialectIsRead(body: String, dialect: PredictRequest.Dialect, texts: [String]) throws {
        let request = try request(body)
        #expect(request.dialect == dialect)
        #expect(request.texts == texts)
    }

    @Test(arguments: [
        ("[]", "The body is an array, expected an object such as {\"text\": \"…\"}."),
        ("{}", "A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'."),
        (#"{"text":null}"#, "'text' is null, expected a string."),
        (#"{"text":" \n"}"#, "'text' is empty, expected a text to classify."),
        (#"{"tweet":1}"#, "'tweet' is a number, expected a string."),
        (#"{"inputs":{}}"#, "'inputs' is an object, expected a string or an array of strings."),
        (#"{"inputs":[]}"#, "'inputs' has 0 texts, expected 1 to 128."),
        (#"{"texts":"a"}"#, "'texts' is a string, expected an array of strings."),
        (#"{"texts":["a",true]}"#, "'texts[1]' is a boolean, expected a string."),
    ])
    func aFieldThatIsNotValidIsNamed(body: String, detail: String) throws {
        let problem = #expect(throws: Problem.self) { try request(body) }
        #expect(problem?.detail == detail)
        #expect(problem?.status == .unprocessableEntity)
    }
}
