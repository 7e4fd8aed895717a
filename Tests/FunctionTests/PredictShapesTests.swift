import Fixtures
import Foundation
import JSON
import Testing

@testable import function

/// The answers of a running function in the shapes of Hugging Face and of Text Embeddings Inference.
@Suite struct PredictShapesTests {
    private func scores(_ list: JSON?) -> [String: Double] {
        guard case .array(let elements)? = list else { return [:] }
        var scores: [String: Double] = [:]
        for element in elements {
            guard case .string(let label)? = element["label"], case .number(let score)? = element["score"] else {
                continue
            }
            scores[label] = score
        }
        return scores
    }

    private func answer(_ function: RunningFunction, _ body: String, path: String = "/predict") throws -> JSON {
        let answer = try function.request("POST", path, body: body)
        #expect(answer.status == 200, "\(answer.body)")
        return try JSON(parsing: answer.body.utf8)
    }

    private func first(_ value: JSON) throws -> JSON {
        guard case .array(let values) = value else { throw Client.Failure() }
        return try #require(values.first)
    }

    @Test func oneTextIsAListAndWithParametersAListOfLists() throws {
        try RunningFunction.with { function in
            let flat = try answer(function, #"{"inputs":"late flight"}"#)
            #expect(scores(flat).count == 3)
            #expect(try answer(function, #"{"inputs":"late flight","parameters":{}}"#) == .array([flat]))
            #expect(try answer(function, #"{"inputs":[["late flight"]]}"#) == .array([flat]))
            #expect(try answer(function, #"{"inputs":["late flight","late flight"]}"#) == .array([flat, flat]))
            let best = try first(answer(function, #"{"inputs":"late flight","parameters":{"top_k":1}}"#))
            #expect(try best == .array([first(flat)]))
            #expect(
                try answer(function, #"{"inputs":"late flight","parameters":{"top_k":99}}"#) == .array([flat]))
        }
    }

    @Test func theFunctionThatIsAppliedToTheLogitsCanBeChosen() throws {
        try RunningFunction.with { function in
            let model = try scores(answer(function, #"{"inputs":"late flight"}"#))
            let raw = try scores(answer(function, #"{"inputs":"late flight","raw_scores":true}"#))
            func withFunction(_ name: String) throws -> [String: Double] {
                try scores(
                    first(
                        answer(
                            function, "{\"inputs\":\"late flight\",\"parameters\":{\"function_to_apply\":\"\(name)\"}}")
                    ))
            }
            #expect(try withFunction("none") == raw)
            #expect(try withFunction("softmax") == model)
            let sigmoid = try withFunction("sigmoid")
            let total = raw.values.reduce(0) { $0 + exp($1) }
            #expect(raw.count == 3)
            for (label, logit) in raw {
                #expect(abs((sigmoid[label] ?? 0) - 1 / (1 + exp(-logit))) < 1e-6)
                #expect(abs((model[label] ?? 0) - exp(logit) / total) < 1e-6)
            }
        }
    }

    @Test func aLongTextIsRefusedIfItMayNotBeTruncated() throws {
        try RunningFunction.with { function in
            let long = String(repeating: "late ", count: 100)
            let body = "{\"inputs\":[\"late\",\"\(long)\"],\"truncate\":"
            #expect(try function.predict(body + "true}").status == 200)
            let refused = try function.predict(body + "false}")
            #expect(refused.status == 422)
            let detail = try #require(try refused.json()["detail"] as? String)
            #expect(detail.hasPrefix("'inputs[1]' has more tokens than the 64 that the model reads"))
            #expect(try function.predict(#"{"inputs":"late","truncate":false}"#).status == 200)
        }
    }

    @Test func otherServersPathsAreAnsweredAndCountedAsPredictions() throws {
        try RunningFunction.with { function in
            let body = #"{"inputs":"late flight"}"#
            let expected = try function.predict(body).body
            for path in ["/", "/invocations", "/api/predict"] {
                #expect(try function.request("POST", path, body: body).body == expected)
            }
            #expect(try function.request("GET", "/ping").status == 200)
            #expect(
                try function.request("GET", "/metrics").body.contains(
                    "pinson_requests_total{route=\"/predict\",status=\"200\"} 4\n"))
            let refused = try function.request("PUT", "/", body: body)
            #expect(refused.status == 405)
            #expect(refused.headers["allow"] == "GET, HEAD, POST, OPTIONS")
            #expect(try function.request("GET", "/invocations").headers["allow"] == "POST, OPTIONS")
        }
    }

    @Test func infoHasWhatTextEmbeddingsInferenceRequires() throws {
        try RunningFunction.with { function in
            let info = try JSON(parsing: function.request("GET", "/info").body.utf8)
            for name in [
                "model_id", "model_dtype", "served_model_name", "model_type", "max_concurrent_requests",
                "max_input_length", "max_batch_tokens", "max_client_batch_size", "auto_truncate",
                "tokenization_workers", "version",
            ] {
                #expect(info[name] != nil, "\(name)")
            }
            #expect(info["model_type"]?["classifier"]?["id2label"]?["0"] == .string("negative"))
            #expect(info["model_type"]?["classifier"]?["label2id"]?["positive"] == .number(2))
            #expect(info["model_dtype"] == .string("int8"))
            #expect(info["max_input_length"] == .number(64))
        }
    }

    @Test(arguments: [
        (["Content-Type": "multipart/form-data; boundary=x"], "--x\r\n\r\n--x--", "accept", "application/json"),
        (["Content-Type": "Multipart/Related"], #"{"text":"a"}"#, "accept", "application/json"),
        (["Content-Type": "application/x-www-form-urlencoded"], "text=late+flight", "accept", "application/json"),
        (["Content-Encoding": "gzip"], #"{"text":"a"}"#, "accept-encoding", "identity"),
        (["Content-Encoding": "identity, br"], #"{"text":"a"}"#, "accept-encoding", "identity"),
    ])
    func aBodyInAnotherFormIsRefused(headers: [String: String], body: String, name: String, value: String) throws {
        try RunningFunction.with { function in
            let answer = try function.request("POST", "/predict", body: body, headers: headers)
            #expect(answer.status == 415, "\(answer.body)")
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers[name] == value)
        }
    }

    /// `curl -d` sends JSON as a form.
    @Test(arguments: [
        ["Content-Type": "application/x-www-form-urlencoded"], ["Content-Type": "text/plain"],
        ["Content-Encoding": "Identity"],
    ])
    func jsonIsReadWhateverItsMediaType(headers: [String: String]) throws {
        try RunningFunction.with { function in
            let answer = try function.request("POST", "/predict", body: #"{"text":"late"}"#, headers: headers)
            #expect(answer.status == 200)
        }
    }

    @Test func thePageAndTheMessageVaryByAccept() throws {
        try RunningFunction.with { function in
            for accept in ["text/html", "application/json, text/html;q=0.1"] {
                let answer = try function.request("GET", "/", headers: ["Accept": accept])
                #expect(answer.headers["vary"] == "Accept")
                #expect(
                    answer.headers["content-type"]?.hasPrefix(accept == "text/html" ? "text/html" : "application/json")
                        == true)
            }
        }
    }
}
