import Inference
import NIOHTTP1
import Synchronization
import Testing

@testable import function

@Suite struct SettingsTests {
    @Test func withoutVariablesTheDefaultsHold() throws {
        let settings = try Settings(environment: Environment([:]), quota: CPUQuota(cpus: 2.5))
        #expect(settings.port == 8080)
        #expect(settings.workers == 3)
        #expect(settings.threads == 2)
        #expect(settings.queueLimit == 256)
        #expect(!settings.logsText)
    }

    @Test(arguments: [
        (["PORT": "1", "WEBSITES_PORT": "2"], 1), (["WEBSITES_PORT": "2", "AWS_LWA_PORT": "5"], 2),
        (["FUNCTIONS_CUSTOMHANDLER_PORT": "3"], 3), (["CONTAINER_APP_PORT": "4"], 4), (["AWS_LWA_PORT": "5"], 5),
        (["PORT": "", "CONTAINER_APP_PORT": "4"], 4),
    ])
    func everyPlatformTellsThePortInItsOwnWay(variables: [String: String], port: Int) throws {
        #expect(try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 1)).port == port)
    }

    @Test func concurrencyAndTheModelCanBeSet() throws {
        let variables = [
            "CONCURRENCY": "1", "THREADS": "4", "MODEL_PATH": "/x.gguf", "QUEUE_LIMIT": "0", "LOG_TEXT": "1",
            "LOG_LEVEL": "warning",
        ]
        let settings = try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 8))
        #expect(
            settings
                == Settings(
                    port: 8080, modelPath: "/x.gguf", workers: 1, threads: 4, queueLimit: 0, logsText: true,
                    logLevel: .warning))
    }

    @Test(arguments: [
        (["PORT": "http"], "PORT is 'http', expected an integer from 0 to 65535. Set it to one of these, or unset it."),
        (
            ["PORT": "70000"],
            "PORT is '70000', expected an integer from 0 to 65535. Set it to one of these, or unset it."
        ),
        (
            ["CONCURRENCY": "0"],
            "CONCURRENCY is '0', expected an integer from 1 to 1024. Set it to one of these, or unset it."
        ),
        (
            ["LOG_LEVEL": "loud"],
            "LOG_LEVEL is 'loud', expected debug, info, notice, warning, error, critical. Set it to one of these, or unset it."
        ),
    ])
    func nonsenseIsNamed(variables: [String: String], message: String) {
        let error = #expect(throws: SettingsError.self) {
            try Settings(environment: Environment(variables), quota: CPUQuota(cpus: 1))
        }
        #expect(error?.description == message)
    }
}

@Suite struct LogTests {
    private func line(_ trace: Trace?, project: String? = nil) throws -> JSON {
        let lines = Mutex<[String]>([])
        let log = Log { line in lines.withLock { $0.append(line) } }
        log.write(.warning, "two\n\"lines\"", ["b": .number(1), "a": .string("x")], trace: trace, project: project)
        let line = try #require(lines.withLock { $0 }.first)
        #expect(line.hasSuffix("}\n") && !line.dropLast().contains("\n"))
        return try JSON(parsing: line.utf8)
    }

    @Test func aLineIsOneObjectInTheWordsOfGoogleCloud() throws {
        let line = try line(
            Trace(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", cloud: nil), project: "air")
        #expect(line["severity"] == .string("WARNING"))
        #expect(line["message"] == .string("two\n\"lines\""))
        #expect(line["logging.googleapis.com/trace"] == .string("projects/air/traces/0af7651916cd43dd8448eb211c80319c"))
        #expect(line["logging.googleapis.com/spanId"] == .string("b7ad6b7169203331"))
        guard case .string(let time) = line["time"] else { Issue.record("no time"); return }
        #expect(try /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/.wholeMatch(in: time) != nil)
    }

    @Test func theOtherHeaderHasADecimalSpan() {
        let trace = Trace(traceparent: nil, cloud: "105445aa7843bc8bf206b12000100000/74;o=1")
        #expect(trace?.id == "105445aa7843bc8bf206b12000100000")
        #expect(trace?.span == "000000000000004a")
        #expect(Trace(traceparent: nil, cloud: "105445aa7843bc8bf206b12000100000")?.span == nil)
    }

    @Test(arguments: [
        "", "00-xyz-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7-01", "nonsense", "\"}{",
    ])
    func nonsenseIsNoTrace(header: String) {
        #expect(Trace(traceparent: header, cloud: header) == nil)
    }
}

@Suite struct PredictRequestTests {
    private func request(_ text: String) throws -> PredictRequest { try PredictRequest(JSON(parsing: text.utf8)) }

    @Test(arguments: [
        (#"{"text":"a"}"#, PredictRequest.Dialect.text, ["a"]), (#"{"tweet":"a"}"#, .tweet, ["a"]),
        (#"{"inputs":"a"}"#, .input, ["a"]),
        (#"{"inputs":["a","b"]}"#, .inputs, ["a", "b"]), (#"{"texts":["a"],"extra":null}"#, .texts, ["a"]),
    ])
    func everyDialectIsUnderstood(body: String, dialect: PredictRequest.Dialect, texts: [String]) throws {
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
    func whatIsWrongIsNamed(body: String, detail: String) throws {
        let problem = #expect(throws: Problem.self) { try request(body) }
        #expect(problem?.detail == detail)
        #expect(problem?.status == .unprocessableEntity)
    }
}

@Suite struct TelemetryTests {
    @Test func theTextIsPrometheus() {
        let telemetry = Telemetry()
        for (status, seconds) in [(200 as UInt, 0.0004), (200, 0.003), (422, 9.0)] {
            telemetry.countRequest(route: "/predict", status: status, seconds: seconds)
        }
        telemetry.countRequest(route: "other", status: 404, seconds: 1)
        telemetry.countPredictions(texts: 3, tokens: 60, truncated: 1)
        let text = telemetry.text(load: (2, 1), limit: 5, isReady: true, model: "a \"b\"\\", version: "1")
        for line in [
            "pinson_requests_total{route=\"/predict\",status=\"200\"} 2",
            "pinson_requests_total{route=\"other\",status=\"404\"} 1",
            "pinson_errors_total 2", "pinson_predict_seconds_bucket{le=\"0.0005\"} 1",
            "pinson_predict_seconds_bucket{le=\"0.005\"} 2",
            "pinson_predict_seconds_bucket{le=\"2.5\"} 2", "pinson_predict_seconds_bucket{le=\"+Inf\"} 3",
            "pinson_predict_seconds_count 3",
            "pinson_tokens_total 60", "pinson_queue_waiting 2", "pinson_queue_running 1", "pinson_ready 1",
            "pinson_info{model=\"a \\\"b\\\"\\\\\",version=\"1\"} 1",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(Double(line.split(separator: " ").last ?? "") != nil)
        }
    }
}
