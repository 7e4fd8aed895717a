import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Telemetry
import Testing

@testable import function

/// The events of AWS, read and answered without a network.
@Suite struct LambdaEventTests {
    private func event(_ text: String, trace: String? = nil) -> LambdaEvent {
        LambdaEvent(ByteBuffer(string: text), trace: trace)
    }

    private func json(_ answer: LambdaEvent.Answer) throws -> JSON {
        guard case .result(let bytes) = answer else { throw CancellationError() }
        return try JSON(parsing: bytes.readableBytesView)
    }

    private let response = Response(
        .tooManyRequests, "application/json", ByteBuffer(string: #"{"a":"é"}"#), headers: [("Retry-After", "1")])

    @Test(arguments: [
        (LambdaEvents.httpAPI("POST", "/predict", body: "{}"), LambdaEvent.Source.httpAPI),
        (LambdaEvents.httpAPI("POST", "/prod/predict", body: "{}", stage: "prod"), .httpAPI),
        (LambdaEvents.restAPI("POST", "/predict", body: "{}"), .restAPI(multiValue: true)),
        (LambdaEvents.restAPI("POST", "/predict", body: "{}", multiValueHeaders: nil), .restAPI(multiValue: false)),
        (LambdaEvents.loadBalancer("POST", "/predict", body: "{}"), .loadBalancer(multiValue: false)),
        (
            LambdaEvents.loadBalancer("POST", "/predict", body: "{}", isMultiValue: true),
            .loadBalancer(multiValue: true)
        ),
    ])
    func everySourceIsRecognized(text: String, source: LambdaEvent.Source) {
        let event = event(text)
        #expect(event.source == source)
        #expect(event.request.method == .POST)
        #expect(event.request.path == "/predict")
        #expect(event.request.accept == "application/json")
        #expect(event.request.body == .complete(ByteBuffer(string: "{}")))
    }

    @Test(arguments: [
        #"{"text":"late"}"#, #"{"inputs":["a"]}"#, "[]", "null", "not JSON", "",
        #"{"Records":[{"eventSource":"aws:s3"}]}"#,
        #"{"version":"2.0","text":"late"}"#, #"{"httpMethod":"GET","text":"late"}"#,
    ])
    func anyOtherEventIsTheBodyOfARequestToPredict(text: String) {
        let event = event(text)
        #expect(event.source == .caller)
        #expect(event.request.method == .POST)
        #expect(event.request.path == "/predict")
        #expect(event.request.body == .complete(ByteBuffer(string: text)))
    }

    @Test(arguments: [
        ("/prod", "/"), ("/prod/", "/"), ("/prod/predict", "/predict"), ("/production", "/production"), ("/x", "/x"),
    ])
    func theStageIsNotPartOfThePath(path: String, expected: String) {
        #expect(event(LambdaEvents.httpAPI("GET", path, stage: "prod")).request.path == expected)
    }

    @Test func aBodyInBase64IsDecoded() {
        let encoded = Data(#"{"text":"é 😀"}"#.utf8).base64EncodedString()
        let decoded = Request.Body.complete(ByteBuffer(string: #"{"text":"é 😀"}"#))
        for text in [
            LambdaEvents.httpAPI("POST", "/predict", body: encoded, isBase64Encoded: true),
            LambdaEvents.restAPI("POST", "/predict", body: encoded, isBase64Encoded: true),
            LambdaEvents.loadBalancer("POST", "/predict", body: encoded, isBase64Encoded: true),
        ] {
            #expect(event(text).request.body == decoded)
        }
        let invalid = event(LambdaEvents.httpAPI("POST", "/predict", body: "a$b=", isBase64Encoded: true))
        guard case .refused(.badRequest, _) = invalid.request.body else {
            Issue.record("invalid Base64 was accepted")
            return
        }
    }

    @Test func aBodyOverTheLimitIsNotDecoded() {
        let most = String(repeating: "a", count: Request.bodyLimit)
        for (text, isTooLarge) in [(most, false), (most + "a", true)] {
            let encoded = Data(text.utf8).base64EncodedString()
            for event in [
                event(LambdaEvents.httpAPI("POST", "/predict", body: text)), event(text),
                event(LambdaEvents.httpAPI("POST", "/predict", body: encoded, isBase64Encoded: true)),
            ] {
                #expect((event.request.body == .refused(.payloadTooLarge, Request.tooLarge)) == isTooLarge)
            }
        }
    }

    /// Quotes and escapes in the body do not end it too early.
    @Test(arguments: [
        "late ", "\"\\", "\u{1}", "é😀", #"\"},"isBase64Encoded":true,"x":""#,
    ])
    func aLongEventKeepsItsSource(part: String) {
        let body = String(repeating: part, count: EventReader.limit / part.utf8.count)
        let event = event(LambdaEvents.restAPI("PUT", "/x", body: body))
        #expect(event.source == .restAPI(multiValue: true))
        #expect(event.request.body == .refused(.payloadTooLarge, Request.tooLarge))
        #expect(event.request.path == "/x")
    }

    /// Such an event would take a hundred megabytes as JSON values.
    @Test func anEventOfManyValuesIsNotRead() {
        let event = event("[" + String(repeating: "[],", count: 480_000) + "0]")
        #expect(event.source == .caller)
        #expect(event.request.body == .refused(.payloadTooLarge, Request.tooLarge))
    }

    /// The longest body that is allowed takes six times as many bytes in JSON if all of it is escaped.
    @Test func theLongestBodyThatIsAllowedIsNeverShortened() {
        let body = String(repeating: "\u{1}", count: Request.bodyLimit)
        let padding = String(repeating: "x", count: EventReader.limit / 2)
        let headers = "\"a\":\"\(padding)\",\"b\":\"\(padding)\""
        let event = event(LambdaEvents.httpAPI("POST", "/predict", body: body, headers: headers))
        #expect(event.request.body == .complete(ByteBuffer(string: body)))
    }

    @Test func aHeaderWhoseNameIsNotValidIsLeftOut() {
        let text =
            #"{"requestContext":{"elb":{}},"httpMethod":"POST","path":"/predict","#
            + #""multiValueHeaders":{"x\u00d3":["a"],"":["b"],"x y":["c"],"accept":["text/html"]}}"#
        #expect(event(text).request.accept == "text/html")
    }

    @Test func theTraceOfTheEventCountsBeforeThatOfTheInvocation() {
        let own = "Root=1-00000000-aaaaaaaaaaaaaaaaaaaaaaaa;Parent=bbbbbbbbbbbbbbbb;Sampled=1"
        let balanced = event(LambdaEvents.loadBalancer("GET", "/"), trace: own)
        #expect(balanced.request.trace?.id == "5bdb40ca556d8b0c50dc66f0511bf520")
        #expect(event(#"{"text":"a"}"#, trace: own).request.trace?.id == "00000000aaaaaaaaaaaaaaaaaaaaaaaa")
        #expect(event(LambdaEvents.httpAPI("GET", "/"), trace: own).request.trace?.span == "bbbbbbbbbbbbbbbb")
        #expect(event(LambdaEvents.httpAPI("GET", "/"), trace: "nonsense").request.trace == nil)
    }

    @Test func aDirectInvocationNeedsNoKeyAndOthersHaveTheAddressOfTheirClient() throws {
        #expect(event(#"{"text":"a"}"#).request.isInvocation)
        let address =
            #"{"version":"2.0","rawPath":"/info","requestContext":{"http":{"method":"GET","sourceIp":"1.2.3.4"}}}"#
        let request = event(address).request
        #expect(!request.isInvocation && request.client(behind: 0) == .address([1, 2, 3, 4]))
        let old =
            #"{"httpMethod":"GET","path":"/info","requestContext":{"identity":{"sourceIp":"2001:db8::1"}}}"#
        #expect(event(old).request.client(behind: 0) == .address([0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0]))
    }

    // MARK: - Answers

    private let fields = [
        "Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        "Retry-After": "1",
    ]

    private func members(_ value: JSON?) -> [String: JSON] {
        guard case .object(let members)? = value else { return [:] }
        return Dictionary(members.map { ($0.key, $0.value) }) { $1 }
    }

    @Test func anHTTPAPIGetsHeadersWithOneValue() throws {
        let answer = try json(event(LambdaEvents.httpAPI("POST", "/predict")).answer(response))
        #expect(members(answer).keys.sorted() == ["body", "headers", "isBase64Encoded", "statusCode"])
        #expect(answer["statusCode"] == .number(429))
        #expect(answer["body"] == .string(#"{"a":"é"}"#))
        #expect(answer["isBase64Encoded"] == .bool(false))
        #expect(members(answer["headers"]) == fields.mapValues { .string($0) })
    }

    /// A REST API refuses an answer with a member that it does not know.
    @Test func aRESTAPIGetsTheHeadersThatItsEventHad() throws {
        let several = try json(event(LambdaEvents.restAPI("POST", "/predict")).answer(response))
        #expect(members(several).keys.sorted() == ["body", "isBase64Encoded", "multiValueHeaders", "statusCode"])
        #expect(members(several["multiValueHeaders"]) == fields.mapValues { .array([.string($0)]) })
        let one = try json(event(LambdaEvents.restAPI("POST", "/predict", multiValueHeaders: nil)).answer(response))
        #expect(members(one).keys.sorted() == ["body", "headers", "isBase64Encoded", "statusCode"])
        #expect(members(one["headers"]) == fields.mapValues { .string($0) })
    }

    @Test func aLoadBalancerGetsADescriptionOfTheStatus() throws {
        let answer = try json(event(LambdaEvents.loadBalancer("POST", "/predict")).answer(response))
        #expect(answer["statusDescription"] == .string("429 Too Many Requests"))
        #expect(members(answer["headers"]) == fields.mapValues { .string($0) })
        let several = try json(event(LambdaEvents.loadBalancer("POST", "/", isMultiValue: true)).answer(response))
        #expect(members(several["multiValueHeaders"]) == fields.mapValues { .array([.string($0)]) })
        #expect(several["headers"] == nil)
    }

    @Test func theAnswerToHeadHasNoBody() throws {
        let answer = try json(event(LambdaEvents.httpAPI("HEAD", "/info")).answer(response))
        #expect(answer["body"] == .string(""))
    }

    @Test func aCallerGetsTheBodyOrAnError() {
        let good = Response(.ok, "application/json", ByteBuffer(string: #"{"label":"positive"}"#))
        #expect(event(#"{"text":"a"}"#).answer(good) == .result(ByteBuffer(string: #"{"label":"positive"}"#)))
        let problem = Problem(unprocessable: "'text' is empty.")
        #expect(
            event(#"{"text":""}"#).answer(problem.response)
                == .failure(InvocationError(message: "'text' is empty.", type: "Function.UnprocessableEntity")))
    }
}
