import Fixtures
import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import function

/// The loop of the runtime API, against a runtime API of the tests' own.
@Suite struct LambdaRuntimeTests {
    private func json(_ post: FakeRuntimeAPI.Post) throws -> JSON { try JSON(parsing: post.body.utf8) }

    private func answerBody(_ post: FakeRuntimeAPI.Post) throws -> JSON {
        guard case .string(let body)? = try json(post)["body"] else { throw Client.Failure() }
        return try JSON(parsing: body.utf8)
    }

    @Test func everySourceGetsTheAnswerThatHTTPGives() throws {
        let body = #"{"text":"late flight"}"#
        let expected = try RunningFunction.with { try JSON(parsing: $0.predict(body).body.utf8) }
        try RunningLambda.with { lambda in
            for event in [
                LambdaEvents.httpAPI("POST", "/predict", body: body),
                LambdaEvents.restAPI("POST", "/predict", body: body),
                LambdaEvents.loadBalancer("POST", "/predict", body: body),
                LambdaEvents.loadBalancer("POST", "/api/predict", body: body, isMultiValue: true),
                LambdaEvents.httpAPI(
                    "POST", "/predict", body: Data(body.utf8).base64EncodedString(), isBase64Encoded: true),
            ] {
                let post = try lambda.api.invoke(event)
                #expect(post.path.hasSuffix("/response"))
                #expect(post.headers.first(name: "content-type") == "application/json")
                #expect(try json(post)["statusCode"] == .number(200))
                #expect(try answerBody(post) == expected)
            }
            let direct = try lambda.api.invoke(body)
            #expect(direct.path.hasSuffix("/response"))
            #expect(try json(direct) == expected)
            #expect(lambda.api.connections == 1)
        }
    }

    @Test("Before the function asks for the next invocation, it sends what the last one has caused")
    func telemetry() throws {
        let collector = try Collector()
        let address =
            "InstrumentationKey=0f0e0d0c-1111-2222-3333-444455556666;IngestionEndpoint=http://127.0.0.1:"
            + "\(collector.port)"
        try RunningLambda.with(telemetry: ["APPLICATIONINSIGHTS_CONNECTION_STRING": address]) { lambda in
            for count in 1...3 {
                let post = try lambda.api.invoke(#"{"text":"late flight"}"#)
                #expect(post.path.hasSuffix("/response"))
                // The events of the invocation before have arrived before this one was asked for.
                #expect(collector.received.count >= count - 1)
            }
        }
    }

    @Test func everyRouteIsServedAndCounted() throws {
        try RunningLambda.with { lambda in
            let page = try json(lambda.api.invoke(LambdaEvents.httpAPI("GET", "/", headers: #""accept":"text/html""#)))
            #expect(page["headers"]?["Content-Type"] == .string("text/html; charset=utf-8"))
            let health = try lambda.api.invoke(LambdaEvents.restAPI("GET", "/health"))
            #expect(try answerBody(health)["status"] == .string("ok"))
            let missing = try json(lambda.api.invoke(LambdaEvents.loadBalancer("GET", "/nowhere")))
            #expect(missing["statusDescription"] == .string("404 Not Found"))
            let wrong = try json(lambda.api.invoke(LambdaEvents.httpAPI("GET", "/predict")))
            #expect(wrong["statusCode"] == .number(405))
            #expect(wrong["headers"]?["Allow"] == .string("POST, OPTIONS"))
            _ = try lambda.api.invoke(#"{"text":"late"}"#)
            let metrics = try json(lambda.api.invoke(LambdaEvents.httpAPI("GET", "/metrics")))
            guard case .string(let text)? = metrics["body"] else { throw Client.Failure() }
            #expect(text.contains("pinson_requests_total{route=\"/predict\",status=\"200\"} 1\n"))
            #expect(text.contains("pinson_requests_total{route=\"/predict\",status=\"405\"} 1\n"))
        }
    }

    @Test func theLogHasTheTraceOfTheInvocation() throws {
        try RunningLambda.with { lambda in
            _ = try lambda.api.invoke(
                #"{"text":"late"}"#, trace: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"
            )
            let line = try JSON(parsing: #require(lambda.log.first).utf8)
            #expect(line["message"] == .string("POST /predict 200"))
            #expect(line["logging.googleapis.com/trace"] == .string("5bef4de7ad49b0e87f6ef6c87fc2e700"))
            #expect(line["logging.googleapis.com/spanId"] == .string("9a9197af755a6419"))
        }
    }

    @Test func anInvocationThatIsNotValidFails() throws {
        try RunningLambda.with { lambda in
            for (event, type, message) in [
                (#"{"text":""}"#, "Function.UnprocessableEntity", "'text' is empty, expected a text to classify."),
                (
                    #"{"Records":[]}"#, "Function.UnprocessableEntity",
                    "A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'."
                ),
                ("{", "Function.BadRequest", "The body is not valid JSON: expected a key in quotes at byte 1."),
            ] {
                let post = try lambda.api.invoke(event)
                #expect(post.path.hasSuffix("/error"))
                #expect(post.headers.first(name: "lambda-runtime-function-error-type") == type)
                #expect(try json(post) == ["errorMessage": .string(message), "errorType": .string(type)])
            }
            #expect(try lambda.api.invoke(#"{"text":"late"}"#).path.hasSuffix("/response"))
        }
    }

    /// Lambda's own limit is 6 MB, and that of the function is much lower.
    @Test func anEventOfSixMegabytesIsAnsweredWith413() throws {
        try RunningLambda.with { lambda in
            let body = "{\"text\":\"" + String(repeating: "late ", count: 1_150_000) + "\"}"
            let answer = try json(lambda.api.invoke(LambdaEvents.httpAPI("POST", "/predict", body: body)))
            #expect(answer["statusCode"] == .number(413))
            let direct = try lambda.api.invoke(body)
            #expect(direct.path.hasSuffix("/error"))
            #expect(try json(direct)["errorMessage"] == .string("The body has more than 65536 bytes."))
            #expect(try lambda.api.invoke(#"{"text":"late"}"#).path.hasSuffix("/response"))
        }
    }

    // MARK: - Faults of the runtime API

    @Test func aConnectionThatIsLostIsOpenedAgain() throws {
        try RunningLambda.with { lambda in
            _ = try lambda.api.invoke(#"{"text":"late"}"#)
            lambda.api.fail("/response", .drop)
            #expect(try lambda.api.invoke(#"{"text":"late"}"#).path.hasSuffix("/response"))
            for _ in 0..<3 { lambda.api.fail("/next", .drop) }
            #expect(try lambda.api.invoke(#"{"text":"late"}"#).path.hasSuffix("/response"))
            #expect(try lambda.api.invoke(#"{"text":"late"}"#).path.hasSuffix("/response"))
            #expect(lambda.api.connections >= 4)
            #expect(lambda.ended == nil)
        }
    }

    @Test(arguments: [("/next", UInt(403)), ("/next", 410), ("/next", 500), ("/response", 403), ("/response", 410)])
    func aStatusThatLeavesNoWayOnEndsTheFunction(path: String, status: UInt) throws {
        let api = try FakeRuntimeAPI()
        defer { api.stop() }
        let lambda = try RunningLambda(api)
        api.fail(path, .status(status))
        api.send(#"{"text":"late"}"#)
        lambda.start()
        let error = try #require(lambda.waitForEnd())
        #expect(error.description.contains("with \(status) "))
        #expect(lambda.runtime.drain())
    }

    @Test(arguments: [UInt(400), 413])
    func anAnswerThatIsRefusedIsLoggedAndTheNextFollows(status: UInt) throws {
        try RunningLambda.with { lambda in
            lambda.api.fail("/response", .status(status))
            lambda.api.send(#"{"text":"late"}"#)
            let next = try lambda.api.invoke(#"{"text":"late"}"#)
            #expect(next.path.hasSuffix("/response"))
            let line = lambda.log.first { $0.contains("refused the answer") }
            #expect(line?.contains("\"status\":\(status)") == true)
        }
    }

    @Test func withoutARuntimeAPITheFunctionEndsAfterSomeAttempts() throws {
        let api = try FakeRuntimeAPI()
        let lambda = try RunningLambda(api)
        api.stop()
        lambda.start()
        let error = try #require(lambda.waitForEnd())
        #expect(
            error.description.hasPrefix(
                "The runtime API at \(api.address) did not answer 'invocation/next' after 8 attempts"))
        #expect(lambda.runtime.drain())
    }

    @Test func anErrorAtTheStartIsReported() throws {
        let api = try FakeRuntimeAPI()
        defer { api.stop() }
        LambdaRuntime.reportInitializationError("no model", Environment(["AWS_LAMBDA_RUNTIME_API": api.address]))
        let post = try api.wait { $0.path == "/2018-06-01/runtime/init/error" }
        #expect(try json(post) == ["errorMessage": .string("no model"), "errorType": .string("Runtime.InitError")])
        #expect(post.headers.first(name: "lambda-runtime-function-error-type") == "Runtime.InitError")
        LambdaRuntime.reportInitializationError("no model", Environment([:]))
        #expect(api.posts.count == 1)
    }

    @Test func drainingEndsTheInvocationInProgress() throws {
        let api = try FakeRuntimeAPI()
        defer { api.stop() }
        let lambda = try RunningLambda(api)
        lambda.start()
        let text = "\"" + String(repeating: "late ", count: 80) + "\""
        let id = api.send("{\"texts\":[\(Array(repeating: text, count: 100).joined(separator: ","))]}")
        while lambda.service.queue.load.running == 0, api.posts.isEmpty {}
        #expect(lambda.runtime.drain())
        #expect(api.posts.contains { $0.path.contains(id) })
        #expect(lambda.ended == nil)
    }
}
