import Inference
import JSON
import ModelFile
import NIOHTTP1
import Testing

@testable import function

/// The dialect of Hugging Face and of Text Embeddings Inference.
@Suite struct PredictOptionsTests {
    private func request(_ text: String) throws -> PredictRequest { try PredictRequest(JSON(parsing: text.utf8)) }

    @Test(arguments: [
        (#"{"inputs":"a"}"#, PredictRequest.Dialect.input, ["a"]),
        (#"{"inputs":"a","parameters":{}}"#, .inputs, ["a"]), (#"{"inputs":"a","parameters":null}"#, .input, ["a"]),
        (#"{"inputs":["a","b"],"parameters":{}}"#, .inputs, ["a", "b"]),
        (#"{"inputs":[["a"],["b"]]}"#, .inputs, ["a", "b"]), (#"{"inputs":[["a"],"b"]}"#, .inputs, ["a", "b"]),
        (#"{"inputs":"a","raw_scores":false,"truncate":null,"truncation_direction":"right"}"#, .input, ["a"]),
    ])
    func theShapeOfTheAnswerFollowsFromTheRequest(
        body: String, dialect: PredictRequest.Dialect, texts: [String]
    ) throws {
        let request = try request(body)
        #expect(request.dialect == dialect)
        #expect(request.texts == texts)
        #expect(request.options == PredictOptions())
    }

    @Test(arguments: [
        (#""parameters":{"top_k":2}"#, PredictOptions(topK: 2)),
        (#""parameters":{"top_k":null,"function_to_apply":null}"#, PredictOptions()),
        (#""parameters":{"function_to_apply":"sigmoid"}"#, PredictOptions(scoring: .activation(.sigmoid))),
        (#""parameters":{"function_to_apply":"softmax"}"#, PredictOptions(scoring: .activation(.softmax))),
        (#""parameters":{"function_to_apply":"none"},"raw_scores":true"#, PredictOptions(scoring: .logits)),
        (#""raw_scores":true"#, PredictOptions(scoring: .logits)),
        (#""truncate":false"#, PredictOptions(refusesLongTexts: true)), (#""truncate":true"#, PredictOptions()),
        (#""parameters":{"truncation":false}"#, PredictOptions(refusesLongTexts: true)),
        (#""truncation_direction":"Right""#, PredictOptions()),
        (#""options":{"wait_for_model":true,"use_cache":false}"#, PredictOptions()),
    ])
    func everyOptionIsRead(members: String, options: PredictOptions) throws {
        #expect(try request("{\"inputs\":\"a\",\(members)}").options == options)
    }

    @Test(arguments: [
        (
            #""top_k":2"#,
            "'top_k' is not known here, expected only 'parameters', 'raw_scores', 'truncate', 'truncation_direction', 'options'."
        ),
        (
            #""parameters":{"max_length":8}"#,
            "'parameters.max_length' is not known here, expected only 'top_k', 'function_to_apply', 'truncation'."
        ),
        (#""parameters":[]"#, "'parameters' is an array, expected an object."),
        (#""parameters":{"top_k":0}"#, "'parameters.top_k' is 0.0, expected an integer of at least 1."),
        (#""parameters":{"top_k":1.5}"#, "'parameters.top_k' is 1.5, expected an integer of at least 1."),
        (#""parameters":{"top_k":1e300}"#, "'parameters.top_k' is 1e+300, expected an integer of at least 1."),
        (#""parameters":{"top_k":"2"}"#, "'parameters.top_k' is '2', expected an integer of at least 1."),
        (
            #""parameters":{"function_to_apply":"tanh"}"#,
            "'parameters.function_to_apply' is 'tanh', expected 'softmax', 'sigmoid' or 'none'."
        ),
        (
            #""parameters":{"truncation":"only_first"}"#,
            "'parameters.truncation' is 'only_first', expected true or false."
        ),
        (#""raw_scores":1"#, "'raw_scores' is 1.0, expected true or false."),
        (
            #""raw_scores":true,"parameters":{"function_to_apply":"softmax"}"#,
            "'raw_scores' is true, but 'parameters.function_to_apply' is not 'none'. Remove one."
        ),
        (#""truncate":"yes""#, "'truncate' is 'yes', expected true or false."),
        (
            #""truncation_direction":"left""#,
            "'truncation_direction' is 'left', expected 'right': the model reads the beginning of a text that is too long."
        ),
        (
            #""options":{"use_gpu":true}"#,
            "'options.use_gpu' is not known here, expected only 'wait_for_model', 'use_cache'."
        ),
        (#""options":{"use_cache":"no"}"#, "'options.use_cache' is 'no', expected true or false."),
        (#""text":"b""#, "The body has 'text' and 'inputs', expected only one of them."),
    ])
    func nothingIsIgnored(members: String, detail: String) throws {
        let problem = #expect(throws: Problem.self) { try request("{\"inputs\":\"a\",\(members)}") }
        #expect(problem?.detail == detail)
        #expect(problem?.status == .unprocessableEntity)
    }

    @Test(arguments: [
        (
            #"{"inputs":[["a","b"]]}"#,
            "'inputs[0]' has 2 strings, expected 1: the model reads one text at a time, and no pairs."
        ),
        (
            #"{"inputs":["a",[]]}"#,
            "'inputs[1]' has 0 strings, expected 1: the model reads one text at a time, and no pairs."
        ),
        (#"{"inputs":[["a"],[""]]}"#, "'inputs[1][0]' is empty, expected a text to classify."),
        (#"{"texts":[["a"]]}"#, "'texts[0]' is an array, expected a string."),
        (#"{"texts":["a"],"extra":1}"#, "'extra' has no effect on a request with 'texts'. Remove it."),
        (
            #"{"text":"a","parameters":{"top_k":1}}"#,
            "'parameters' has no effect on a request with 'text'. Remove it, or send the text in 'inputs'."
        ),
        (
            #"{"tweet":"a","truncate":false}"#,
            "'truncate' has no effect on a request with 'tweet'. Remove it, or send the text in 'inputs'."
        ),
    ])
    func whatCannotBeAnsweredIsRefused(body: String, detail: String) throws {
        let problem = #expect(throws: Problem.self) { try request(body) }
        #expect(problem?.detail == detail)
    }

    /// The systems whose dialects these are ignore further members.
    @Test(arguments: [
        #"{"text":"a","id":7}"#, #"{"tweet":"a","user":"x","lang":null}"#, #"{"text":"a","inputs":null}"#,
    ])
    func theFirstDialectsStayLenient(body: String) throws {
        #expect(try request(body).texts == ["a"])
    }
}
