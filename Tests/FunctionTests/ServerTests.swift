import Fixtures
import Foundation
import JSON
import Testing

@testable import function

@Suite struct ServerTests {
    @Test func everyDialectIsAnswered() throws {
        try RunningFunction.with { function in
            let text = try function.predict(#"{"text":"late flight"}"#)
            #expect(text.status == 200)
            #expect(text.headers["content-type"] == "application/json")
            let answer = try text.json()
            #expect(answer.keys.sorted() == ["label", "model", "score", "scores", "truncated"])
            let scores = try #require(answer["scores"] as? [String: Double])
            #expect(scores.keys.sorted() == ["negative", "neutral", "positive"])
            #expect(answer["score"] as? Double == scores[answer["label"] as? String ?? ""])

            let tweet = try function.predict(#"{"tweet":"late flight"}"#).json()
            #expect(tweet.keys.sorted() == ["probability", "sentiment"])
            #expect(tweet["sentiment"] as? String == answer["label"] as? String)
            #expect(tweet["probability"] as? Double == scores["positive"])

            let input = try function.predict(#"{"inputs":"late flight"}"#).body
            let inputs = try function.predict(#"{"inputs":["late flight","great crew"]}"#).body
            #expect(inputs.hasPrefix("[" + input + ",[{\"label\":"))
            let sorted = try #require(JSONSerialization.jsonObject(with: Data(input.utf8)) as? [[String: Any]])
            let inOrder = sorted.compactMap { $0["score"] as? Double }
            #expect(inOrder.count == 3 && inOrder == inOrder.sorted(by: >))

            let texts = try #require(
                try function.predict(#"{"texts":["late flight","great crew"]}"#).json()["predictions"]
                    as? [[String: Any]])
            #expect(texts.count == 2)
            #expect(texts[0]["scores"] as? [String: Double] == scores)
            #expect(try function.request("POST", "/api/predict", body: #"{"text":"late flight"}"#).body == text.body)
        }
    }

    @Test func theOtherRoutesAnswer() throws {
        try RunningFunction.with { function in
            #expect(try function.request("GET", "/health").body == #"{"status":"ok"}"#)
            #expect(try function.request("GET", "/health/live").status == 200)
            #expect(try function.request("GET", "/health/ready?verbose=1").body == #"{"status":"ready"}"#)
            #expect(
                try function.request("GET", "/", headers: ["Accept": "application/json"]).body
                    == #"{"message":"tiny is online: POST /predict"}"#)
            let page = try function.request("GET", "/", headers: ["Accept": "text/html,application/xhtml+xml;q=0.9"])
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("<title>Pinson</title>"))
            let info = try function.request("GET", "/info").json()
            #expect(info["model"] as? String == "tiny")
            #expect(info["max_tokens"] as? Int == 64)
            #expect((info["model_sha256"] as? String)?.count == 64)
            let head = try function.request("HEAD", "/info")
            #expect(head.status == 200 && head.body.isEmpty && head.headers["content-length"] != "0")
            _ = try function.predict(#"{"text":"late"}"#)
            let metrics = try function.request("GET", "/metrics")
            #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(metrics.body.contains("pinson_requests_total{route=\"/predict\",status=\"200\"} 1\n"))
            #expect(metrics.body.contains("pinson_texts_total 1\n"))
        }
    }

    @Test(arguments: [
        ("POST", "/predict", "{", 400, "The body is not valid JSON: expected a key in quotes at byte 1."),
        ("POST", "/predict", "", 400, "The body is not valid JSON: expected a value at byte 0."),
        (
            "POST", "/predict", #"{"txt":"a"}"#, 422,
            "A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'."
        ),
        ("POST", "/predict", #"{"text":7}"#, 422, "'text' is a number, expected a string."),
        (
            "POST", "/nowhere", "{}", 404,
            "There is no '/nowhere'. POST /predict classifies; GET /info describes the model."
        ),
        (
            "GET", "/healthz", nil, 404,
            "There is no '/healthz'. POST /predict classifies; GET /info describes the model."
        ),
        (
            "GET", "/api/info", nil, 404,
            "There is no '/api/info'. POST /predict classifies; GET /info describes the model."
        ),
        ("GET", "/predict", nil, 405, "/predict allows POST, but the request is GET."),
        ("POST", "/health", "{}", 405, "/health allows GET, HEAD, but the request is POST."),
    ])
    func aProblemIsDescribed(method: String, path: String, body: String?, status: Int, detail: String) throws {
        try RunningFunction.with { function in
            let answer = try function.request(method, path, body: body)
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            let problem = try answer.json()
            #expect(problem["type"] as? String == "about:blank")
            #expect(problem["status"] as? Int == status)
            #expect((problem["title"] as? String)?.isEmpty == false)
            #expect(problem["detail"] as? String == detail)
            guard status == 405 else { return }
            #expect(answer.headers["allow"] == (path == "/predict" ? "POST, OPTIONS" : "GET, HEAD, OPTIONS"))
        }
    }

    @Test func aBodyOverTheLimitIsRefusedWithAndWithoutAContentLength() throws {
        try RunningFunction.with { function in
            let long = "{\"text\":\"" + String(repeating: "a", count: 70_000) + "\"}"
            let announced = try function.predict(long)
            #expect(announced.status == 413)
            #expect(announced.headers["connection"] == "close")
            let client = try Client(port: function.server.port)
            client.send("POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<9 { client.send("2000\r\n" + String(repeating: "a", count: 0x2000) + "\r\n") }
            #expect(client.readResponse()?.status == 413)
            let most = "{\"text\":\"" + String(repeating: "a ", count: 32_000) + "\"}"
            #expect(try function.predict(most).json()["truncated"] as? Bool == true)
        }
    }

    @Test func aChunkedBodyAndAnExpectHeaderAreSupported() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send(
                "POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"tex\r\n8\r\nt\":\"a\"}\n\r\n0\r\n\r\n"
            )
            #expect(client.readResponse()?.status == 200)
            let body = #"{"text":"a"}"#
            client.send(
                "POST /predict HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            )
            #expect(client.readResponse(hasBody: false)?.status == 100)
            client.send(body)
            #expect(client.readResponse()?.status == 200)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send(
                Client.text("POST", "/predict", body: #"{"text":"late"}"#) + Client.text("GET", "/health")
                    + Client.text("GET", "/nowhere"))
            #expect(client.readResponse()?.body.contains("label") == true)
            #expect(client.readResponse()?.body.contains("ok") == true)
            #expect(client.readResponse()?.status == 404)
        }
    }

    @Test func theLogHasOneLineForEachRequestAndNoTweets() throws {
        try RunningFunction.with { function in
            _ = try function.request(
                "POST", "/predict?key=secret", body: #"{"text":"late flight"}"#,
                headers: ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
            _ = try function.predict("{")
            let lines = function.log
            #expect(lines.count == 2)
            #expect(!lines.joined().contains("flight"))
            #expect(!lines.joined().contains("secret"))
            let line = try JSON(parsing: #require(lines.first).utf8)
            #expect(line["severity"] == .string("INFO"))
            #expect(line["message"] == .string("POST /predict 200"))
            #expect(line["logging.googleapis.com/trace"] == .string("0af7651916cd43dd8448eb211c80319c"))
            #expect(line["httpRequest"]?["status"] == .number(200))
            #expect(try JSON(parsing: lines[1].utf8)["severity"] == .string("WARNING"))
        }
    }

    @Test func tweetsAreLoggedIfTheSettingsSaySo() throws {
        try RunningFunction.with(logsText: true) { function in
            _ = try function.predict(#"{"text":"late flight"}"#)
            #expect(function.log.contains { $0.contains("\"text\":\"late flight\"") })
        }
    }

    @Test func aPortThatIsInUseIsNamed() throws {
        try RunningFunction.with { function in
            let error = #expect(throws: ListenError.self) {
                _ = try Server(function.service, host: "127.0.0.1", port: function.server.port)
            }
            #expect(error?.description.hasPrefix("Cannot listen on 127.0.0.1:\(function.server.port): ") == true)
        }
    }
}
