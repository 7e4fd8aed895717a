import Fixtures
import Foundation
import NIOCore
import Testing

@testable import function

/// More connections, bytes and work than the function has room for.
@Suite struct OverloadTests {
    private let long =
        "{\"texts\":["
        + Array(repeating: "\"" + String(repeating: "late ", count: 80) + "\"", count: 128).joined(separator: ",")
        + "]}"

    @Test func aShortRequestPassesLongOnes() throws {
        try RunningFunction.with(workers: 1, queueTokens: 1_000_000) { function in
            let clients = try (0..<20).map { _ in try Client(port: function.server.port) }
            for client in clients { client.send(Client.text("POST", "/predict", body: long)) }
            while function.service.queue.load.waiting < 15 {}
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            #expect(function.service.queue.load.waiting > 5, "the short request waited for the long ones")
            for client in clients { #expect(client.readResponse()?.status == 200) }
        }
    }

    @Test func theTokensThatMayWaitAreBounded() throws {
        try RunningFunction.with(workers: 1, queueTokens: 20_000) { function in
            let clients = try (0..<12).map { _ in try Client(port: function.server.port) }
            for client in clients { client.send(Client.text("POST", "/predict", body: long)) }
            let statuses = clients.compactMap { $0.readResponse()?.status }
            #expect(statuses.count == 12 && Set(statuses) == [200, 429])
        }
    }

    @Test func beyondTheLimitOnlyProbesAreAnswered() throws {
        var limits = ConnectionLimits()
        limits.connections = 4
        try RunningFunction.with(limits: limits) { function in
            let open = try (0..<4).map { _ in try Client(port: function.server.port) }
            for client in open { client.send(Client.text("GET", "/health")) }
            for client in open { #expect(client.readResponse()?.status == 200) }
            let refused = try function.predict(#"{"text":"late"}"#)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "1" && refused.headers["connection"] == "close")
            #expect(function.log.contains { $0.contains("4 connections are open, which is the limit.") })
            #expect(try function.request("GET", "/health/ready").status == 200)
            #expect(try function.request("GET", "/metrics").body.contains("pinson_connections 5\n"))
            for client in open {
                client.send(Client.text("POST", "/predict", body: #"{"text":"late"}"#))
                #expect(client.readResponse()?.status == 200)
            }
        }
    }

    @Test func connectionsThatDoNothingMakeRoom() throws {
        var limits = ConnectionLimits()
        (limits.connections, limits.stale) = (4, .milliseconds(50))
        try RunningFunction.with(limits: limits) { function in
            let idle = try (0..<4).map { _ in try Client(port: function.server.port) }
            idle[1].send("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
            usleep(200_000)
            for _ in 0..<4 { #expect(try function.predict(#"{"text":"late"}"#).status == 200) }
        }
    }

    @Test func unfinishedBodiesAreBounded() throws {
        var limits = ConnectionLimits()
        limits.bodyBytes = 200_000
        try RunningFunction.with(limits: limits) { function in
            let slow = try (0..<10).map { _ in try Client(port: function.server.port) }
            for client in slow {
                client.send("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 65000\r\n\r\n")
                client.send([UInt8](repeating: 0x20, count: 60_000))
            }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            #expect(slow[0].readResponse()?.status == 503, "the slowest body made room")
            while function.service.connections.counts.evicted < 7 {}
        }
    }
}
