import NIOCore
import NIOHTTP1
import Testing

@testable import function

/// What the head of a request says.
@Suite struct RequestHeadTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func head(_ headers: HTTPHeaders = [:]) -> HTTPRequestHead {
        HTTPRequestHead(version: .http1_1, method: .POST, uri: "/predict", headers: headers)
    }

    @Test(arguments: [
        ("65536", 65536), ("65536 ", 65536), ("9223372036854775807", Int.max), ("9223372036854775808", Int.max),
        ("99999999999999999999999", Int.max), ("", 0),
    ])
    func theAnnouncedLengthOfAnyNumberIsKnown(value: String, length: Int) {
        #expect(head(["Content-Length": value]).announcedLength == length)
    }

    @Test func aRequestWithoutOneHostIsRefused() {
        for (headers, count) in [([:], 0), (["Host": "a", "HOST": "b"], 2)] as [(HTTPHeaders, Int)] {
            var state = ConnectionState(now: start)
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: headers)
            let detail = "The request has \(count) Host headers, expected 1."
            #expect(state.received(.head(head), start) == .respond(head, .refused(.badRequest, detail)))
            #expect(state.received(.end(nil), start) == .none)
        }
        var state = ConnectionState(now: start)
        let old = HTTPRequestHead(version: .http1_0, method: .GET, uri: "/")
        #expect(state.received(.head(old), start) == .none)
    }

    @Test(arguments: [
        ("/predict?x=1", "/predict"), ("http://host/predict?x=1", "/predict"), ("HTTPS://a:1/b", "/b"),
        ("http://host", "/"), ("http://host?x", "/"), ("*", "*"), ("host:443", "host:443"), ("/http://a", "/http://a"),
        ("http:/x", "http:/x"),
    ])
    func theTargetMayBeAbsolute(target: String, path: String) {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target)
        #expect(Request(head: head, body: .complete(ByteBuffer())).path == path)
    }

    @Test func aClientOfAnOlderVersionIsNotAskedForTheBody() {
        var state = ConnectionState(now: start)
        let headers: HTTPHeaders = ["Expect": "100-continue"]
        let old = HTTPRequestHead(version: .http1_0, method: .POST, uri: "/predict", headers: headers)
        #expect(state.received(.head(old), start) == .none)
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
    ])
    func theDateHasTheFormOfTheStandard(second: Int, text: String) {
        #expect(HTTPDate.text(of: second) == text)
    }
}
