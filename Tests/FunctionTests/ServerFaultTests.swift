import Fixtures
import Foundation
import NIOCore
import Testing

@testable import function

/// Clients that misbehave, too many clients, and the end of the function.
@Suite struct ServerFaultTests {
    @Test func aClientThatSendsHalfARequestIsDisconnected() throws {
        var limits = ConnectionLimits()
        (limits.head, limits.request) = (.milliseconds(300), .milliseconds(300))
        try RunningFunction.with(workers: 1, limits: limits) { function in
            let stuck = try (0..<20).map { index in
                let client = try Client(port: function.server.port)
                client.send(String(Client.text("POST", "/predict", body: #"{"text":"late"}"#).prefix(10 + index * 4)))
                return client
            }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            for client in stuck {
                #expect(client.readResponse()?.status == 408)
                #expect(client.isClosed())
            }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
        }
    }

    @Test func aThousandMalformedRequestsDoNotAffectOthers() throws {
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

    @Test func aFullQueueIsReportedAndEveryRequestIsAnswered() throws {
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
            for answer in answers where answer?.status == 429 {
                #expect((Int(answer?.headers["retry-after"] ?? "") ?? 0) >= 1)
            }
            #expect(
                try function.request("GET", "/metrics").body.contains(
                    "pinson_queue_refused_total \(statuses.count { $0 == 429 })\n"))
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
        }
    }

    /// Short requests wait while a long one occupies the only worker.
    @Test func requestsThatWaitTogetherGetTheirOwnAnswers() throws {
        try RunningFunction.with(workers: 1) { function in
            let words = ["late", "flight", "great", "crew", "worst", "love"]
            let bodies = (0..<40).map { index in
                let text = (0...index % 7).map { words[(index * 5 + $0 * 3) % words.count] }.joined(separator: " ")
                return index % 5 == 0 ? "{\"texts\":[\"\(text)\",\"late\"]}" : "{\"text\":\"\(text)\"}"
            }
            let alone = try bodies.map { try function.predict($0).body }
            #expect(Set(alone).count > 10)
            let long = Array(repeating: "\"" + String(repeating: "late ", count: 80) + "\"", count: 128)
            let busy = try Client(port: function.server.port)
            busy.send(Client.text("POST", "/predict", body: "{\"texts\":[\(long.joined(separator: ","))]}"))
            let clients = try bodies.map { body in
                let client = try Client(port: function.server.port)
                client.send(Client.text("POST", "/predict", body: body))
                return client
            }
            #expect(busy.readResponse()?.status == 200)
            #expect(clients.map { $0.readResponse()?.body } == alone)
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

    @Test func theRequestOfAClientThatLeavesIsNotComputed() throws {
        try RunningFunction.with(workers: 1) { function in
            let texts = Array(repeating: "\"late\"", count: 128).joined(separator: ",")
            for _ in 0..<50 {
                let client = try Client(port: function.server.port)
                client.send(Client.text("POST", "/predict", body: "{\"texts\":[\(texts)]}"))
                client.reset()
            }
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
            while !(try function.request("GET", "/metrics").body.contains("pinson_queue_running 0\n")) {}
            let metrics = try function.request("GET", "/metrics").body
            #expect(metrics.contains("pinson_requests_total{route=\"/predict\",status=\"499\"}"))
        }
    }

    @Test func aConnectionIsClosedAfterAnUpgradeThatIsNotMade() throws {
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
}
