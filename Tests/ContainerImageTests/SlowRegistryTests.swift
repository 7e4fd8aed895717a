import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import ContainerImage

/// A registry that is too slow is given up, and one that is only slow is not.
@Suite struct SlowRegistryTests {
    /// A pace that a test can wait for.
    private static var pace: Pace {
        var pace = Pace()
        pace.rate = 1_000
        pace.window = .milliseconds(300)
        pace.silence = .seconds(60)  // on a busy machine, nothing arrives for seconds
        return pace
    }

    private func withTransport(_ pace: Pace, _ body: (Transport) async throws -> Void) async throws {
        let transport = Transport(environment: [:], pace: pace)
        do {
            try await body(transport)
        } catch {
            try await transport.shutdown()
            throw error
        }
        try await transport.shutdown()
    }

    /// The error of a pull from a registry that sends documents or blobs byte by byte.
    private func pull(dripping part: String, every interval: TimeAmount, _ pace: Pace) async throws
        -> ContainerImageError?
    {
        let drips = Shared<Bool>(false)
        let storage = FakeRegistry.Storage()
        let registry = try FakeRegistry(storage: storage) { request, _ in
            guard drips.value, request.method == .GET, request.path.contains(part) else { return nil }
            let name = request.path.split(separator: "/").last.map(String.init) ?? ""
            return storage.state.withLock { state in
                let manifest = state.manifests["a/b"]?[name]
                let blob = Digest(name).flatMap { state.blobs["a/b"]?[$0] }
                guard let body = manifest?.bytes ?? blob else { return nil }
                return .init(
                    status: 200, headers: ["Content-Type": manifest?.type ?? ""], body: body, interval: interval)
            }
        }
        try await registry.connect("a/b:1").push(.image(try await SeededImage.image(size: 4_000)))
        drips.value = true
        var found: ContainerImageError?
        try await withTransport(pace) { transport in
            do {
                for image in try await registry.connect("a/b:1", transport: transport).pull().images {
                    try await image.verify()
                }
            } catch let error as ContainerImageError {
                found = error
            }
        }
        return found
    }

    @Test(arguments: ["/manifests/", "/blobs/"])
    func aRegistryThatSendsAFewBytesASecondIsGivenUp(part: String) async throws {
        let error = try #require(try await pull(dripping: part, every: .milliseconds(20), Self.pace))
        let text = "\(error)"
        #expect(text.contains("/a/b") && text.contains(": the registry sent "), "\(text)")
        #expect(text.contains(" s, expected at least ") && text.contains("bytes in this time"), "\(text)")
        #expect(text.contains("ask the operator of the registry"))
        #expect(error.isOutside)
    }

    @Test func aTransferEndsWhenItsTimeIsOver() async throws {
        var pace = Self.pace
        (pace.rate, pace.base, pace.averageRate) = (0, .milliseconds(500), 1 << 20)
        let error = try #require(try await pull(dripping: "/blobs/", every: .milliseconds(20), pace))
        #expect("\(error)".contains("expected everything within 0.5 s"), "\(error)")
    }

    @Test func aRegistryThatIsOnlySlowIsWaitedFor() async throws {
        var pace = Self.pace
        (pace.rate, pace.window, pace.silence) = (1, .seconds(60), .seconds(60))
        #expect(try await pull(dripping: "/manifests/", every: .milliseconds(2), pace) == nil)
    }

    @Test func theTimeGrowsWithTheSize() {
        let pace = Pace()
        #expect(pace.total(for: 0) == .seconds(600))
        #expect(pace.total(for: 30 << 20) == .seconds(600 + 3_840))
        #expect(pace.total(for: .max) == .seconds(30 * 86_400))
    }

    @Test func theTimeOfThisProcessDoesNotCount() throws {
        var meter = TransferMeter("blob", .sent, size: 1, pace: Self.pace)
        for _ in 0..<100 { try meter.add(3, after: .milliseconds(2)) }
        #expect(throws: ContainerImageError.self) {
            for _ in 0..<100 { try meter.add(1, after: .milliseconds(9)) }
        }
    }

    @Test func allAttemptsTogetherEndInTime() async throws {
        let registry = try FakeRegistry { request, _ in
            request.path.contains("/manifests/") ? .init(status: 503) : nil
        }
        let attempts = 1_000_000
        var pace = Self.pace
        (pace.base, pace.averageRate) = (.seconds(2), 1 << 40)
        try await withTransport(pace) { transport in
            let error = await #expect(throws: ContainerImageError.self) {
                try await registry.connect("a/b:1", attempts: attempts, transport: transport).pull()
            }
            #expect(error?.isOutside == true)
        }
        #expect((2..<attempts).contains(registry.requests.count))
    }

    @Test func headersThatNeverEndAreGivenUp() async throws {
        let server = try await Trickle.start { channel in Trickle.headers(channel) }
        var pace = Self.pace
        (pace.base, pace.silence) = (.milliseconds(700), .seconds(30))
        try await withTransport(pace) { transport in
            let url = try #require(URL(string: "http://127.0.0.1:\(server.localAddress?.port ?? 0)/v2/"))
            let error = await #expect(throws: ContainerImageError.self) { try await transport.send(.GET, url) }
            let text = "\(try #require(error))"
            // On a busy machine, the limit of the headers may be reached before the time is over.
            let reasons = ["an answer within 0.7 s, with all attempts", "too many header bytes"]
            #expect(reasons.contains { text.contains($0) }, "\(text)")
        }
        try await server.close()
    }

    @Test(arguments: [(true, "nothing could be sent for 2.0 s"), (false, "the registry took ")])
    func anUploadThatIsHardlyReadIsGivenUp(isSilent: Bool, reason: String) async throws {
        let server = try await Trickle.start { channel in Trickle.reading(channel, isSilent: isSilent) }
        var pace = Self.pace
        pace.rate = 1 << 40
        pace.silence = .seconds(isSilent ? 2 : 30)  // A busy machine may let nothing be sent for a while.
        try await withTransport(pace) { transport in
            let url = try #require(URL(string: "http://127.0.0.1:\(server.localAddress?.port ?? 0)/v2/x"))
            let size: Int64 = 1 << 40
            let body = Content(size: size) { _ in
                let chunk = ByteBuffer(repeating: 0, count: 1 << 18)
                return { chunk }
            }
            let error = await #expect(throws: ContainerImageError.self) {
                try await transport.send(.PUT, url, body: body)
            }
            // On a busy machine, another limit may be reached first.
            let text = "\(try #require(error))"
            let reasons = [reason, "nothing could be sent for", "the registry took ", "within"]
            #expect(reasons.contains { text.contains($0) }, "\(text)")
        }
        try await server.close()
    }
}

/// A server that is slow in a way that a registry of the tests is not.
private enum Trickle {
    static func start(_ serve: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { serve($0) }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Sends header after header.
    static func headers(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.scheduleTask(in: .milliseconds(50)) {
            channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 OK\r\n"), promise: nil)
            channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(50)) { task in
                guard channel.isActive else { return task.cancel() }
                channel.writeAndFlush(ByteBuffer(string: "X: y\r\n"), promise: nil)
            }
        }
        return channel.eventLoop.makeSucceededVoidFuture()
    }

    /// Reads as fast as it can, which is too slow for the test, or nothing.
    static func reading(_ channel: any Channel, isSilent: Bool) -> EventLoopFuture<Void> {
        channel.setOption(.autoRead, value: !isSilent)
    }
}
