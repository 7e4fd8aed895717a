import Fixtures
import NIOCore
import NIOHTTP1
import Testing

@testable import function

/// Clients that send too many requests.
@Suite struct RateLimitTests {
    private static let minute = RateLimit(count: 3, period: 60_000_000_000)

    private func time(_ seconds: Double) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000_000) + .nanoseconds(Int64(seconds * 1e9))
    }

    @Test func aClientMaySendAllItsRequestsAtOnceAndThenOneAtATime() {
        let limiter = RateLimiter(Self.minute)
        let client = ClientName.key("a")
        for _ in 0..<3 { #expect(limiter.wait(client, now: time(0)) == nil) }
        #expect(limiter.wait(client, now: time(0)) == 20)
        #expect(limiter.wait(client, now: time(19.5)) == 1)
        #expect(limiter.wait(client, now: time(20)) == nil)
        #expect(limiter.wait(client, now: time(20)) == 20)
        #expect(limiter.wait(.key("b"), now: time(20)) == nil)
        for _ in 0..<3 { #expect(limiter.wait(client, now: time(1000)) == nil) }
        #expect(limiter.wait(client, now: time(1000)) == 20)
    }

    /// Over any time, a client is not allowed more than a burst and the rate.
    @Test func seededClientsNeverExceedTheirRate() {
        var random = Seeded(7)
        let limiter = RateLimiter(Self.minute)
        var (now, allowed) = (0.0, 0)
        for _ in 0..<5000 {
            now += Double.random(in: 0...10, using: &random)
            if limiter.wait(.key("a"), now: time(now)) == nil { allowed += 1 }
        }
        #expect(allowed <= 3 + Int(now / 20) && allowed >= Int(now / 20) - 1)
    }

    @Test func theTableDoesNotGrowAndAFloodOfClientsDoesNotFreeTheOneThatSendsMost() {
        let limiter = RateLimiter(RateLimit(count: 1000, period: 3_600_000_000_000))
        let greedy = ClientName.key("greedy")
        for _ in 0..<1000 { _ = limiter.wait(greedy, now: time(0)) }
        for number in 0..<100_000 { _ = limiter.wait(.key("\(number)"), now: time(0.001)) }
        #expect(limiter.wait(greedy, now: time(0.002)) != nil)
    }

    @Test(arguments: [("60/m", 60, 60), ("1/s", 1, 1), ("5/h", 5, 3600), ("1000000/d", 1_000_000, 86_400)])
    func aLimitIsRead(text: String, count: Int, seconds: Int) throws {
        let limit = try RateLimit(environment: Environment(["RATE_LIMIT": text]))
        #expect(limit == RateLimit(count: count, period: Int64(seconds) * 1_000_000_000))
    }

    @Test(arguments: ["60", "0/m", "-1/m", "60/minute", "60/m/m", "x/m", "/", "60 / m", "1000001/s"])
    func aLimitThatIsNotValidIsNamed(text: String) {
        let error = #expect(throws: SettingsError.self) {
            try RateLimit(environment: Environment(["RATE_LIMIT": text]))
        }
        #expect(error?.name == "RATE_LIMIT" && error?.found == text)
    }

    @Test func aRefusedRequestSaysWhenToComeBackAndProbesAreNeverRefused() throws {
        let function = try RunningFunction(access: ["RATE_LIMIT": "2/h", "API_KEYS": "operate:ops"])
        defer { function.server.drain() }
        for _ in 0..<2 { #expect(try function.predict(#"{"text":"late"}"#).status == 200) }
        let refused = try function.predict(#"{"text":"late"}"#)
        #expect(refused.status == 429 && refused.body.contains("RATE_LIMIT"))
        #expect((1...1800).contains(Int(refused.headers["retry-after"] ?? "") ?? 0))
        #expect(try function.request("GET", "/operator", headers: ["X-API-Key": "wrong"]).status == 429)
        #expect(try function.request("GET", "/operator", headers: ["X-API-Key": "ops"]).status == 200)
        for path in ["/health", "/info", "/metrics", "/"] {
            for _ in 0..<5 { #expect(try function.request("GET", path).status == 200) }
        }
    }

    // MARK: - Addresses

    private func client(_ forwarded: [String], peer: String = "10.0.0.9", proxies: Int) throws -> ClientName {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/predict")
        for value in forwarded { head.headers.add(name: "X-Forwarded-For", value: value) }
        let request = Request(
            head: head, body: .complete(ByteBuffer()), peer: try SocketAddress(ipAddress: peer, port: 9))
        return request.client(behind: proxies)
    }

    @Test func onlyTrustedProxiesNameTheClient() throws {
        let peer = ClientName.address([10, 0, 0, 9])
        #expect(try client(["1.2.3.4"], proxies: 0) == peer)
        #expect(try client([], proxies: 1) == peer)
        #expect(try client(["1.2.3.4"], proxies: 1) == .address([1, 2, 3, 4]))
        #expect(try client(["6.6.6.6, 1.2.3.4"], proxies: 1) == .address([1, 2, 3, 4]))
        #expect(try client(["6.6.6.6", "1.2.3.4, 10.0.0.1"], proxies: 2) == .address([1, 2, 3, 4]))
        #expect(try client(["1.2.3.4"], proxies: 2) == peer)
        #expect(try client(["nonsense"], proxies: 1) == peer)
        #expect(try client(["1.2.3.4,"], proxies: 1) == peer)
    }

    @Test func addressesAreReadAsProxiesWriteThem() throws {
        let network: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2]
        for text in ["2001:db8:1:2:3:4:5:6", "[2001:db8:1:2::1]:443", "[2001:db8:1:2::]"] {
            #expect(try client([text], proxies: 1) == .address(network), "\(text)")
        }
        for text in ["1.2.3.4:5678", "::ffff:1.2.3.4", " 1.2.3.4\t"] {
            #expect(try client([text], proxies: 1) == .address([1, 2, 3, 4]), "\(text)")
        }
        #expect(try client([], peer: "::ffff:1.2.3.4", proxies: 0) == .address([1, 2, 3, 4]))
    }
}
