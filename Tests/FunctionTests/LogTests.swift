import JSON
import NIOCore
import Synchronization
import Telemetry
import Testing

@testable import function

@Suite struct LogTests {
    private func line(_ trace: Trace?, project: String? = nil) throws -> JSON {
        let lines = Mutex<[String]>([])
        let log = Log { line in lines.withLock { $0.append(line) } }
        log.write(.warning, "two\n\"lines\"", ["b": .number(1), "a": .string("x")], trace: trace, project: project)
        let line = try #require(lines.withLock { $0 }.first)
        #expect(line.hasSuffix("}\n") && !line.dropLast().contains("\n"))
        return try JSON(parsing: line.utf8)
    }

    @Test func aLineIsOneObjectWithTheKeysOfGoogleCloud() throws {
        let line = try line(
            Trace(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", cloud: nil), project: "air")
        #expect(line["severity"] == .string("WARNING"))
        #expect(line["message"] == .string("two\n\"lines\""))
        #expect(line["logging.googleapis.com/trace"] == .string("projects/air/traces/0af7651916cd43dd8448eb211c80319c"))
        #expect(line["logging.googleapis.com/spanId"] == .string("b7ad6b7169203331"))
        guard case .string(let time) = line["time"] else { Issue.record("no time"); return }
        #expect(try /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/.wholeMatch(in: time) != nil)
    }

    @Test func theHeaderOfGoogleCloudHasADecimalSpan() {
        let trace = Trace(traceparent: nil, cloud: "105445aa7843bc8bf206b12000100000/74;o=1")
        #expect(trace?.id == "105445aa7843bc8bf206b12000100000")
        #expect(trace?.span == "000000000000004a")
        #expect(Trace(traceparent: nil, cloud: "105445aa7843bc8bf206b12000100000")?.span == nil)
    }

    @Test(arguments: [
        "", "00-xyz-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7-01", "nonsense", "\"}{",
    ])
    func aHeaderThatIsNotValidIsIgnored(header: String) {
        #expect(Trace(traceparent: header, cloud: header) == nil)
    }

    @Test func theHeaderOfAWSHasTheIdInTwoParts() {
        let header = "Self=1-1;Root=1-5bdb40ca-556d8b0c50dc66f0511bf520;Parent=9a9197af755a6419;Sampled=1"
        let trace = Trace(traceparent: nil, cloud: nil, amazon: header)
        #expect(trace?.id == "5bdb40ca556d8b0c50dc66f0511bf520")
        #expect(trace?.span == "9a9197af755a6419")
        #expect(Trace(traceparent: nil, cloud: nil, amazon: "Root=1-5bdb40ca-556d8b0c50dc66f0511bf520")?.span == nil)
        #expect(Trace(traceparent: nil, cloud: nil, amazon: "Root=1-5bdb40ca-556d8b0c50dc66f0511bf52") == nil)
        #expect(Trace(traceparent: nil, cloud: nil, amazon: "Sampled=1") == nil)
    }

    @Test(arguments: [
        (Int64(41_300), "0.000041300s"), (0, "0.000000000s"), (1_500_000_000, "1.500000000s"),
        (123_000_000_001, "123.000000001s"),
    ])
    func aLatencyHasNoExponent(nanoseconds: Int64, text: String) {
        #expect(TimeAmount.nanoseconds(nanoseconds).inSeconds == text)
    }
}
