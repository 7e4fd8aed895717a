import Fixtures
import Foundation
import Inference
import ModelFile
import NIOCore
import Packaging
import Synchronization
import Testing

@testable import function

/// A whole function on a port of 127.0.0.1 that the system gives, with the tiny model.
final class RunningFunction: Sendable {
    let server: Server
    let service: Service
    private let lines = Mutex<[String]>([])

    var log: [String] { lines.withLock { $0 } }

    init(workers: Int = 2, queueLimit: Int = 256, logsText: Bool = false, idleTimeout: TimeAmount = .seconds(60)) throws
    {
        let file = try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let output = folder.appendingPathComponent("model.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 64))
            return try ModelFile(path: output)
        }
        let settings = Settings(
            port: 0, modelPath: file.path, workers: workers, threads: 2, queueLimit: queueLimit, logsText: logsText,
            logLevel: .debug)
        let sink = Mutex<@Sendable (String) -> Void>({ _ in })
        let log = Log { line in sink.withLock { $0 }(line) }
        service = Service(try Classifier(file), settings: settings, log: log)
        server = try Server(service, host: "127.0.0.1", port: 0, idleTimeout: idleTimeout)
        sink.withLock { sink in sink = { [weak self] line in self?.lines.withLock { $0.append(line) } } }
    }

    func request(_ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]) throws
        -> HTTPAnswer
    {
        try Client.request(port: server.port, method, path, body: body, headers: headers)
    }

    func predict(_ body: String) throws -> HTTPAnswer { try request("POST", "/predict", body: body) }

    static func with<R>(
        workers: Int = 2, queueLimit: Int = 256, logsText: Bool = false, idleTimeout: TimeAmount = .seconds(60),
        _ body: (RunningFunction) throws -> R
    ) throws -> R {
        let function = try RunningFunction(
            workers: workers, queueLimit: queueLimit, logsText: logsText, idleTimeout: idleTimeout)
        defer { #expect(function.server.drain(), "a request is still in flight") }
        return try body(function)
    }
}

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
        ("POST", "/predict", "{", 400, "The body is not JSON: expected a key in quotes at byte 1."),
        ("POST", "/predict", "", 400, "The body is not JSON: expected a value at byte 0."),
        (
            "POST", "/predict", #"{"txt":"a"}"#, 422,
            "A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'."
        ),
        ("POST", "/predict", #"{"text":7}"#, 422, "'text' is a number, expected a string."),
        (
            "POST", "/nowhere", "{}", 404,
            "There is no '/nowhere'; POST /predict classifies, GET /info describes the model."
        ),
        (
            "GET", "/healthz", nil, 404,
            "There is no '/healthz'; POST /predict classifies, GET /info describes the model."
        ),
        (
            "GET", "/api/info", nil, 404,
            "There is no '/api/info'; POST /predict classifies, GET /info describes the model."
        ),
        ("GET", "/predict", nil, 405, "/predict takes POST, not GET."),
        ("POST", "/health", "{}", 405, "/health takes GET, HEAD, not POST."),
    ])
    func aProblemIsTold(method: String, path: String, body: String?, status: Int, detail: String) throws {
        try RunningFunction.with { function in
            let answer = try function.request(method, path, body: body)
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            let problem = try answer.json()
            #expect(problem["type"] as? String == "about:blank")
            #expect(problem["status"] as? Int == status)
            #expect((problem["title"] as? String)?.isEmpty == false)
            #expect(problem["detail"] as? String == detail)
            if status == 405 { #expect(answer.headers["allow"] == (path == "/predict" ? "POST" : "GET, HEAD")) }
        }
    }

    @Test func aBodyOverTheLimitIsRefusedAnnouncedOrNot() throws {
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

    @Test func aChunkedBodyAndAnExpectationAreUnderstood() throws {
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

    @Test func aClientThatSendsHalfARequestAndStaysIsShownTheDoor() throws {
        try RunningFunction.with(workers: 1, idleTimeout: .milliseconds(300)) { function in
            let stuck = try (0..<20).map { index in
                let client = try Client(port: function.server.port)
                client.send(String(Client.text("POST", "/predict", body: #"{"text":"late"}"#).prefix(10 + index * 5)))
                return client
            }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            for client in stuck { #expect(client.isClosed()) }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
        }
    }

    /// What follows a bad request is answered as if there had been none.
    @Test func aThousandMalformedRequestsCostNoGoodOne() throws {
        try RunningFunction.with { function in
            var random = Seeded(1)
            let good = try function.predict(#"{"text":"late flight"}"#).body
            let template = Array(
                Client.text("POST", "/predict", body: #"{"text":"late flight"}"#, headers: ["X-A": "b"]).utf8)
            for index in 0..<1000 {
                let client = try Client(port: function.server.port)
                switch index % 4 {
                case 0:
                    client.send(
                        (0..<Int.random(in: 0...300, using: &random)).map { _ in
                            UInt8.random(in: 0...255, using: &random)
                        })
                case 1:
                    var bytes = template
                    for _ in 0..<5 {
                        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                    client.send(bytes)
                case 2: client.send(Array(template.prefix(Int.random(in: 0..<template.count, using: &random))))
                default:
                    let body = String(
                        (0..<Int.random(in: 0...40, using: &random)).map { _ in
                            "{}[]\":,\\utex19n.-".randomElement(using: &random) ?? "{"
                        })
                    client.send(Client.text("POST", "/predict", body: body))
                }
                client.finish()
                if index % 100 == 99 { #expect(try function.predict(#"{"text":"late flight"}"#).body == good) }
            }
            #expect(try function.predict(#"{"text":"late flight"}"#).body == good)
        }
    }

    @Test func aFullQueueIsSaidAndNothingIsLost() throws {
        try RunningFunction.with(workers: 1, queueLimit: 1) { function in
            let texts =
                "["
                + Array(repeating: "\"" + String(repeating: "late ", count: 80) + "\"", count: 128).joined(
                    separator: ",") + "]"
            let body = "{\"texts\":\(texts)}"
            let clients = try (0..<12).map { _ in try Client(port: function.server.port) }
            for client in clients { client.send(Client.text("POST", "/predict", body: body)) }
            let answers = clients.map { $0.readResponse() }
            let statuses = answers.compactMap { $0?.status }
            #expect(statuses.count == 12)
            #expect(Set(statuses) == [200, 429])
            for answer in answers where answer?.status == 429 { #expect(answer?.headers["retry-after"] == "1") }
            #expect(
                try function.request("GET", "/metrics").body.contains(
                    "pinson_queue_refused_total \(statuses.count { $0 == 429 })\n"))
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
        }
    }

    @Test func aSingleRequestFunctionAnswersAllThatWaitOneByOne() throws {
        try RunningFunction.with(workers: 1) { function in
            let texts = Array(repeating: "\"late flight\"", count: 128).joined(separator: ",")
            let clients = try (0..<20).map { _ in try Client(port: function.server.port) }
            for client in clients { client.send(Client.text("POST", "/predict", body: "{\"texts\":[\(texts)]}")) }
            for client in clients {
                let body = client.readResponse()?.body
                #expect(body?.contains("label") == true)
                let metrics = try function.request("GET", "/metrics").body
                #expect(metrics.contains("pinson_queue_running 1\n") || metrics.contains("pinson_queue_running 0\n"))
            }
        }
    }

    @Test func aClientThatLeavesIsForgottenAndItsWorkIsNotDone() throws {
        try RunningFunction.with(workers: 1) { function in
            let texts = Array(repeating: "\"late\"", count: 128).joined(separator: ",")
            for _ in 0..<50 {
                let client = try Client(port: function.server.port)
                client.send(Client.text("POST", "/predict", body: "{\"texts\":[\(texts)]}"))
            }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            while !(try function.request("GET", "/metrics").body.contains("pinson_queue_running 0\n")) {}
            let metrics = try function.request("GET", "/metrics").body
            #expect(metrics.contains("pinson_requests_total{route=\"/predict\",status=\"499\"}"))
        }
    }

    @Test func aConnectionEndsBehindAnUpgradeThatIsNotMade() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send(
                Client.text("GET", "/health", headers: ["Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c"]))
            let answer = client.readResponse()
            #expect(answer?.status == 200)
            #expect(answer?.headers["connection"] == "close")
            #expect(client.isClosed())
        }
    }

    @Test func drainingAnswersWhatIsInFlightAndThenNothing() throws {
        let function = try RunningFunction(workers: 1)
        let port = function.server.port
        let texts = Array(repeating: "\"" + String(repeating: "late ", count: 80) + "\"", count: 128).joined(
            separator: ",")
        let idle = try Client(port: port)
        idle.send(Client.text("GET", "/health"))
        #expect(idle.readResponse()?.status == 200)
        let half = try Client(port: port)
        half.send("POST /predict HTTP/1.1\r\nContent-Le")
        let busy = try (0..<4).map { _ in try Client(port: port) }
        for client in busy { client.send(Client.text("POST", "/predict", body: "{\"texts\":[\(texts)]}")) }
        while try function.request("GET", "/metrics").body.contains("pinson_queue_waiting 0\n") {}
        let probe = try Client(port: port)
        probe.send(Client.text("GET", "/health/ready"))
        #expect(probe.readResponse()?.status == 200)

        let thread = Thread { function.server.drain() }
        thread.start()
        while function.service.isReady {}
        probe.send(Client.text("GET", "/health/ready") + Client.text("POST", "/predict", body: #"{"text":"late"}"#))
        let readiness = probe.readResponse()
        #expect(readiness?.status == 503)
        #expect(readiness?.headers["connection"] == "close")
        for client in busy { #expect(client.readResponse()?.status == 200) }
        #expect(idle.isClosed())
        #expect(half.isClosed())
        while !thread.isFinished {}
        #expect(throws: Client.Failure.self) { try Client(port: port) }
    }

    @Test func theLogHasALineARequestAndNoTweets() throws {
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

    @Test func tweetsAreLoggedWhenAskedFor() throws {
        try RunningFunction.with(logsText: true) { function in
            _ = try function.predict(#"{"text":"late flight"}"#)
            #expect(function.log.contains { $0.contains("\"text\":\"late flight\"") })
        }
    }

    @Test func aPortThatIsTakenIsNamed() throws {
        try RunningFunction.with { function in
            let error = #expect(throws: ListenError.self) {
                _ = try Server(function.service, host: "127.0.0.1", port: function.server.port)
            }
            #expect(error?.description.hasPrefix("127.0.0.1:\(function.server.port): cannot be listened on") == true)
        }
    }
}
