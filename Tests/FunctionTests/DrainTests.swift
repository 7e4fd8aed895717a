import Fixtures
import Foundation
import Synchronization
import Testing

@testable import function

/// The end of the function: nothing that has arrived, or is arriving, is lost.
@Suite struct DrainTests {
    private let long =
        "{\"texts\":["
        + Array(repeating: "\"" + String(repeating: "late ", count: 80) + "\"", count: 128).joined(separator: ",")
        + "]}"

    /// Starts to drain, and returns a thread that ends when everything is closed.
    private func drain(_ function: RunningFunction) -> Thread {
        let thread = Thread { function.server.drain() }
        thread.start()
        while function.service.lifecycle.isReady {}
        return thread
    }

    @Test func everyRequestThatHasArrivedOrIsArrivingIsAnswered() throws {
        let function = try RunningFunction(workers: 1, queueTokens: 1_000_000)
        let port = function.server.port
        let idle = try Client(port: port)
        idle.send(Client.text("GET", "/health"))
        #expect(idle.readResponse()?.status == 200)
        let request = Client.text("POST", "/predict", body: #"{"text":"late"}"#)
        let half = try Client(port: port)
        half.send(String(request.prefix(30)))
        let body = try Client(port: port)
        body.send(String(request.dropLast(5)))
        let busy = try (0..<4).map { _ in try Client(port: port) }
        for client in busy { client.send(Client.text("POST", "/predict", body: long)) }
        let fresh = try Client(port: port)  // It may not even be accepted when the drain begins.

        let thread = drain(function)
        fresh.send(request)
        usleep(100_000)
        half.send(String(request.dropFirst(30)))
        body.send(String(request.suffix(5)))
        idle.send(Client.text("GET", "/health/ready"))
        let readiness = idle.readResponse()
        #expect(readiness?.status == 503)
        #expect(readiness?.headers["connection"] == "close")
        for client in busy {  // These may have been answered before the drain began.
            #expect(client.readResponse()?.status == 200)
            #expect(client.isClosed())
        }
        for client in [half, body] {
            let answer = client.readResponse()
            #expect(answer?.status == 200)
            #expect(answer?.headers["connection"] == "close")
            #expect(client.isClosed())
        }
        // This one may have been answered before its connection heard of the drain.
        #expect(fresh.readResponse()?.status == 200)
        #expect(fresh.isClosed())
        while !thread.isFinished {}
        #expect(throws: Client.Failure.self) { try Client(port: port) }
    }

    @Test func withoutConnectionsItEndsAtOnce() throws {
        let function = try RunningFunction()
        let start = ContinuousClock.now
        #expect(function.server.drain())
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func whatCannotBeFinishedInTimeIsRefusedAndNotDropped() throws {
        let function = try RunningFunction(workers: 1)
        let half = try Client(port: function.server.port)
        half.send("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
        let thread = drain(function)
        let answer = half.readResponse()
        #expect(answer?.status == 503)
        #expect(answer?.headers["connection"] == "close")
        while !thread.isFinished {}
    }

    /// Clients that connect anew for each request, all the time, until nobody listens.
    @Test func noRequestOfANewConnectionIsLost() throws {
        for _ in 0..<5 {
            let function = try RunningFunction()
            let port = function.server.port
            let lost = Mutex(0)
            let answered = Mutex(0)
            let threads = (0..<8).map { _ in
                Thread {
                    while let client = try? Client(port: port) {
                        client.send(Client.text("POST", "/predict", body: #"{"text":"late"}"#))
                        let status = client.readResponse()?.status
                        if status == 200 { answered.withLock { $0 += 1 } } else { lost.withLock { $0 += 1 } }
                    }
                }
            }
            for thread in threads { thread.start() }
            while answered.withLock({ $0 }) < 50 {}
            function.server.drain()
            for thread in threads { while !thread.isFinished { usleep(1000) } }
            #expect(lost.withLock { $0 } == 0)
        }
    }
}
