import Fixtures
import Foundation
import Testing

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    private let bodies = [
        #"{"text":"late flight"}"#, #"{"tweet":"great crew"}"#, #"{"texts":["a","b"]}"#,
        #"{"inputs":"late","parameters":{"top_k":1}}"#, #"{"inputs":[["a"],["b"]],"raw_scores":true}"#,
    ]

    /// Requests, each of which may be followed by another one.
    private var requests: [String] {
        let chunked =
            "POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
            + "9;x=y\r\n{\"text\":\"\r\n3\r\na\"}\r\n0\r\nTrailer: b\r\n\r\n"
        return bodies.map { Client.text("POST", "/predict", body: $0) }
            + [
                "/", "/health", "/health/ready", "/info", "/metrics", "/operator", "/openapi.json", "/docs",
                "/nowhere?a=b",
            ].flatMap {
                [
                    Client.text("GET", $0, headers: ["Accept": "text/html;q=0.5, */*", "If-None-Match": "*"]),
                    Client.text("HEAD", $0),
                ]
            } + [
                Client.text(
                    "POST", "/api/predict", body: bodies[0],
                    headers: ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]), chunked,
                "POST http://a/ HTTP/1.0\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
            ]
    }

    private var events: [String] {
        bodies.flatMap {
            [
                LambdaEvents.httpAPI("POST", "/predict", body: $0), LambdaEvents.restAPI("POST", "/predict", body: $0),
                LambdaEvents.loadBalancer("POST", "/predict", body: $0, isMultiValue: true), $0,
            ]
        }
    }

    /// The two bytes before the requests of a client say how it behaves, and how many bytes it sends at a time.
    @Test func theFuzzerOfHTTPStartsWithEveryRouteAndEveryEvent() throws {
        var seeds: [(behaviour: UInt8, text: String)] = []
        for request in requests { seeds += [(0, request), (32, request)] }
        for bit in 0..<7 { seeds.append((1 << UInt8(bit), requests.joined())) }
        for event in events { seeds.append((128, event)) }
        try FuzzSeeds.write("HTTP", seeds.map { Data([$0.behaviour, 255]) + Data($0.text.utf8) })
    }
}
