import Fixtures
import Foundation
import Glibc
import NIOCore
import Testing

@testable import function

/// Clients that send many requests and do not read the answers.
@Suite struct SlowReaderTests {
    @Test func theAnswersThatAClientDoesNotReadAreBounded() throws {
        try RunningFunction.with { function in
            let single = try PipeliningClient(port: function.server.port)
            #expect(single.sendRequests(limit: PipeliningClient.request.count))
            let answer = single.read(until: .max, timeout: .milliseconds(500))
            #expect(answer.starts(with: Array("HTTP/1.1 200 OK\r\n".utf8)))

            let slow = try PipeliningClient(port: function.server.port)
            #expect(slow.sendRequests(limit: 32 << 20))
            #expect(slow.sent < 16 << 20, "the function reads requests although nobody reads its answers")
            let answers = function.service.recorder.counters.requests.values.reduce(0, +)
            #expect(answers * answer.count < 16 << 20)
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)

            // Once the client reads, it gets the answer to each request that was complete.
            let count = slow.sent / PipeliningClient.request.count
            let received = slow.read(until: count * answer.count, timeout: .seconds(20))
            #expect(received.count == count * answer.count)
            for start in stride(from: 0, to: received.count, by: answer.count) {
                let next = withoutDateAndName(received[start..<start + answer.count])
                guard next == withoutDateAndName(answer[...]) else { Issue.record("an answer is damaged"); return }
            }
        }
    }

    private func withoutDateAndName(_ answer: ArraySlice<UInt8>) -> [[UInt8]] {
        answer.split(separator: 0x0A).map(Array.init).filter { line in
            !line.starts(with: "Date: ".utf8) && !line.starts(with: "X-Request-Id: ".utf8)
        }
    }

    @Test func aClientThatDoesNotReadIsDisconnected() throws {
        var limits = ConnectionLimits()
        limits.write = .milliseconds(700)
        try RunningFunction.with(limits: limits) { function in
            let slow = try PipeliningClient(port: function.server.port)
            var isOpen = true
            for _ in 0..<20 where isOpen { isOpen = slow.sendRequests(limit: 64 << 20) }
            #expect(!isOpen)
            #expect(try function.predict(#"{"text":"late"}"#).status == 200)
        }
    }

    /// All of them have arrived when the first answer is written.
    @Test func manyShortRequestsAfterALongOneAreAnswered() throws {
        try RunningFunction.with { function in
            let texts = Array(repeating: "\"late\"", count: 128).joined(separator: ",")
            let client = try Client(port: function.server.port)
            let short = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
            client.send(
                Client.text("POST", "/predict", body: "{\"texts\":[\(texts)]}") + String(repeating: short, count: 1000))
            for _ in 0...1000 { #expect(client.readResponse()?.status == 200) }
        }
    }
}

/// A connection that sends and reads only as many bytes as the system takes and has at once.
private final class PipeliningClient {
    /// A request that is much shorter than its answer.
    static let request = Array(
        Client.text("GET", "/", headers: ["Accept": "text/html", "X": String(repeating: "x", count: 300)]).utf8)
    private static let requests = Array(repeating: request, count: 1000).flatMap { $0 }

    private let descriptor: Int32
    /// The number of bytes that were sent.
    private(set) var sent = 0

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var size: Int32 = 4096
        for option in [SO_RCVBUF, SO_SNDBUF] {
            setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Client.Failure() }
    }

    deinit { close(descriptor) }

    /// Sends requests until `limit` bytes were sent, or nothing was taken for half a second.
    ///
    /// - Returns: Whether the connection is still open.
    func sendRequests(limit: Int) -> Bool {
        var last = ContinuousClock.now
        while sent < limit, ContinuousClock.now - last < .milliseconds(500) {
            let rest = Self.requests[(sent % Self.requests.count)...].prefix(limit - sent)
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                sent += count
                last = .now
            } else if errno == EAGAIN {
                usleep(1000)
            } else {
                return false
            }
        }
        return true
    }

    /// Reads until `limit` bytes were read, nothing arrives for `timeout`, or the connection ends.
    func read(until limit: Int, timeout: Duration) -> [UInt8] {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var last = ContinuousClock.now
        while received.count < limit, ContinuousClock.now - last < timeout {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received += buffer.prefix(count)
                last = .now
            } else if count < 0, errno == EAGAIN {
                usleep(1000)
            } else {
                break
            }
        }
        return received
    }
}
