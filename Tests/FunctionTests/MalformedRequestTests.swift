import Fixtures
import JSON
import Testing

@testable import function

/// Requests that are not valid HTTP, as bytes on a connection.
@Suite struct MalformedRequestTests {
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400, "The request has 0 Host headers, expected 1."),
        ("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400, "The request has 2 Host headers, expected 1."),
        ("NONSENSE\r\n\r\n", 400, "The request is not valid HTTP: "),
        ("GET / HTTP/7.1\r\nHost: a\r\n\r\n", 400, "The request is not valid HTTP: "),
        ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400, "The request is not valid HTTP: "),
        (
            "POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400,
            "The request is not valid HTTP: "
        ),
        (
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n", 413,
            "The body has more than 65536 bytes."
        ),
        (
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", 413,
            "The body has more than 65536 bytes."
        ),
        (
            "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400,
            "The request is not valid HTTP: "
        ),
    ])
    func aMalformedRequestIsAnsweredAndTheConnectionClosed(request: String, status: Int, detail: String) throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send(request)
            let answer = try #require(client.readResponse())
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["connection"] == "close")
            #expect((try answer.json()["detail"] as? String)?.hasPrefix(detail) == true)
            #expect(client.isClosed())
            #expect(function.log.count == 1)
            let line = try JSON(parsing: #require(function.log.first).utf8)
            #expect(line["severity"] == .string("WARNING"))
            #expect(line["httpRequest"]?["status"] == .number(Double(status)))
        }
    }

    @Test func bytesThatAreNotHTTPAreCountedUnderOther() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send("\u{1}\u{2}\u{3}\r\n\r\n")
            #expect(client.readResponse()?.status == 400)
            let metrics = try function.request("GET", "/metrics").body
            #expect(metrics.contains("pinson_requests_total{route=\"other\",status=\"400\"} 1\n"))
            #expect(function.log.first?.contains("\"message\":\"- - 400\"") == true)
        }
    }

    @Test func aRequestThatEndsTooEarlyIsRefused() throws {
        try RunningFunction.with { function in
            for request in [
                "GET /info HTTP/1.1\r\nHo", "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
            ] {
                let client = try Client(port: function.server.port)
                client.send(request)
                client.finish()
                #expect(client.readResponse()?.status == 400)
                #expect(client.isClosed())
            }
        }
    }

    @Test func aClientThatSendsNothingMoreGetsItsAnswer() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send(Client.text("POST", "/predict", body: #"{"text":"late"}"#))
            client.finish()
            #expect(client.readResponse()?.status == 200)
            #expect(client.isClosed())
        }
    }

    @Test func headersThatAreTooLargeAreRefused() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send("GET /info HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n")
            #expect(client.readResponse()?.status == 431)
            #expect(client.isClosed())
        }
    }

    @Test func anAnswerIsNeverReadAsAnotherType() throws {
        try RunningFunction.with { function in
            for path in ["/", "/info", "/metrics", "/nowhere", "/predict"] {
                let answer = try function.request("GET", path)
                #expect(answer.headers["x-content-type-options"] == "nosniff")
            }
        }
    }

    @Test func anOldRequestNeedsNoHost() throws {
        try RunningFunction.with { function in
            let client = try Client(port: function.server.port)
            client.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(client.readResponse()?.status == 200)
            #expect(client.isClosed())
        }
    }
}
