import Fixtures
import Testing

@testable import Telemetry

/// The trace of a request: what comes in, what goes on.
@Suite struct TraceTests {
    private let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("A span of the function continues the trace of the caller, and passes its state on")
    func continuing() throws {
        let caller = try #require(Trace(traceparent: parent, tracestate: "a=1,b=2", cloud: nil))
        #expect(caller.isSampled == true && caller.traceparent == parent)
        let own = Trace(continuing: caller, .standard)
        #expect(own.id == caller.id && own.parent == "b7ad6b7169203331" && own.isSampled == true)
        let span = try #require(own.span)
        #expect(span != caller.span && span.utf8.count == 16)
        #expect(own.headers.map { "\($0): \($1)" } == ["traceparent: 00-\(own.id)-\(span)-01", "tracestate: a=1,b=2"])
    }

    @Test("Without a caller, a trace begins with an id of its own")
    func beginning() {
        let traces = (0..<1000).map { _ in Trace(continuing: nil, .standard) }
        #expect(Set(traces.map(\.id)).count == 1000 && traces.allSatisfy { $0.id.utf8.count == 32 })
        #expect(traces.allSatisfy { $0.parent == nil && $0.isSampled == true && $0.state.isEmpty })
    }

    @Test(
        "A header that is not valid is ignored",
        arguments: [
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x", "00-0af7-b7ad-01", "",
        ])
    func invalidHeaders(header: String) { #expect(Trace(traceparent: header, cloud: nil) == nil) }

    @Test("A later version may have more parts")
    func laterVersion() {
        #expect(Trace(traceparent: "01" + parent.dropFirst(2) + "-more", cloud: nil)?.isSampled == true)
    }

    @Test("A state that is too long or not printable is not passed on")
    func states() {
        for state in [
            String(repeating: "a", count: 513), "a=\u{7F}", Array(repeating: "a=1", count: 33).joined(separator: ","),
        ] {
            #expect(Trace(traceparent: parent, tracestate: state, cloud: nil)?.state == "")
        }
    }

    @Test("The headers of Google Cloud and AWS say whether a trace is kept")
    func otherHeaders() {
        let cloud = "105445aa7843bc8bf206b12000100000/74"
        #expect(Trace(traceparent: nil, cloud: cloud)?.isSampled == nil)
        #expect(Trace(traceparent: nil, cloud: cloud + ";o=1")?.isSampled == true)
        #expect(Trace(traceparent: nil, cloud: cloud + ";o=0")?.isSampled == false)
        let amazon = "Root=1-5bdb40ca-556d8b0c50dc66f0511bf520;Parent=9a9197af755a6419"
        #expect(Trace(traceparent: nil, cloud: nil, amazon: amazon)?.isSampled == nil)
        #expect(Trace(traceparent: nil, cloud: nil, amazon: amazon + ";Sampled=0")?.isSampled == false)
    }

    @Test("The decision of the caller counts only after parentbased_")
    func samplers() throws {
        func keeps(_ name: String?, _ argument: String? = nil, caller: Bool?) throws -> Bool {
            try Sampler(name, argument).decide(Events.trace, caller: caller).isSampled
        }
        #expect(try keeps(nil, caller: nil) && keeps(nil, caller: true) && !keeps(nil, caller: false))
        #expect(try keeps("always_on", caller: false) && !keeps("always_off", caller: true))
        #expect(try !keeps("parentbased_always_off", caller: nil) && keeps("parentbased_always_off", caller: true))
        #expect(try keeps("parentbased_traceidratio", "0", caller: true) && !keeps("traceidratio", "0", caller: true))
    }

    @Test("A ratio keeps its share, and all services decide alike about a trace")
    func ratio() throws {
        let sampler = try Sampler("traceidratio", "0.25")
        var random = Seeded(1)
        var kept = 0
        for _ in 0..<4000 {
            let digits = String(UInt64.random(in: 0...(.max), using: &random), radix: 16)
            let id = String(repeating: "0", count: 32 - digits.utf8.count) + digits
            let decision = sampler.decide(id, caller: nil)
            // The rule of OpenTelemetry: the last eight bytes against the share of their range.
            #expect(decision.isSampled == ((UInt64(digits, radix: 16) ?? 0) < UInt64(1) << 62) && decision.rate == 25)
            kept += decision.isSampled ? 1 : 0
        }
        #expect((900...1100).contains(kept))
    }
}
