/// The trace that a request belongs to, and its place in it.
public struct Trace: Equatable, Sendable {
    /// 32 hexadecimal digits.
    public let id: String
    /// The span in which things happen now: 16 hexadecimal digits.
    public private(set) var span: String?
    /// The span of the caller, if `span` is one of this function.
    public private(set) var parent: String?
    /// Whether the trace is kept, or nil if nobody has decided it.
    public private(set) var isSampled: Bool?
    /// The header `tracestate` of W3C Trace Context, or an empty text.
    public private(set) var state = ""
    /// The share of traces that are kept, in percent, if this function has drawn a lot.
    private(set) var sampleRate: Double?

    /// Reads the trace from the headers of a request, or returns nil if none of them holds one.
    ///
    /// - Parameters:
    ///   - traceparent: The header of W3C Trace Context, `version-trace-span-flags`.
    ///   - tracestate: The header of W3C Trace Context that other systems use, which is passed on.
    ///   - cloud: The header `X-Cloud-Trace-Context`, `trace/span;o=options`, whose span is decimal.
    ///   - amazon: The header `X-Amzn-Trace-Id`, `Root=1-time-random;Parent=span;Sampled=flag`.
    /// - Source: W3C Trace Context, sections 3.2 and 3.3; Google Cloud and AWS X-Ray, tracing headers.
    public init?(traceparent: String?, tracestate: String? = nil, cloud: String?, amazon: String? = nil) {
        if let trace = traceparent.flatMap(Trace.init(traceparent:)) {
            self = trace
            state = Self.state(tracestate)
        } else if let parts = cloud?.split(separator: "/", maxSplits: 1), let first = parts.first,
            Self.isHexadecimal(first, 32)
        {
            id = String(first)
            guard parts.count == 2 else { return }
            let number = UInt64(parts[1].prefix { $0 != ";" })
            span = number.map(hexadecimal)
            let options = parts[1].split(separator: ";").dropFirst()
            if options.first == "o=1" { isSampled = true } else if options.first == "o=0" { isSampled = false }
        } else if let fields = amazon?.split(separator: ";"),
            let root = fields.first(where: { $0.hasPrefix("Root=") })?.dropFirst(5).split(separator: "-"),
            root.count == 3, Self.isHexadecimal(root[1], 8), Self.isHexadecimal(root[2], 24)
        {
            // AWS X-Ray writes the 32 digits of W3C Trace Context in two parts.
            id = String(root[1] + root[2])
            let parent = fields.first { $0.hasPrefix("Parent=") }?.dropFirst(7)
            span = parent.flatMap { Self.isHexadecimal($0, 16) ? String($0) : nil }
            if fields.contains("Sampled=1") {
                isSampled = true
            } else if fields.contains("Sampled=0") {
                isSampled = false
            }
        } else {
            return nil
        }
    }

    /// Reads `traceparent`, or returns nil if it is not valid.
    private init?(traceparent: String) {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            Self.isHexadecimal(parts[1], 32), Self.isHexadecimal(parts[2], 16), Self.isHexadecimal(parts[3], 2),
            let flags = UInt8(parts[3], radix: 16), parts[1].utf8.contains(where: { $0 != 0x30 }),
            parts[2].utf8.contains(where: { $0 != 0x30 })
        else { return nil }
        (id, span, isSampled) = (String(parts[1]), String(parts[2]), flags & 1 == 1)
    }

    /// Starts a span for a request.
    ///
    /// - Parameters:
    ///   - caller: The trace of the request, or nil if it begins here.
    ///   - sampler: Decides whether the trace is kept.
    public init(continuing caller: Trace?, _ sampler: Sampler) {
        id = caller?.id ?? hexadecimal(.random(in: 1...(.max))) + hexadecimal(.random(in: 1...(.max)))
        (span, parent, state) = (hexadecimal(.random(in: 1...(.max))), caller?.span, caller?.state ?? "")
        let decision = sampler.decide(id, caller: caller?.isSampled)
        (isSampled, sampleRate) = (decision.isSampled, decision.rate)
    }

    /// The header `traceparent` for those who continue the trace from the present span.
    public var traceparent: String? {
        span.map { "00-\(id)-\($0)-\(isSampled == true ? "01" : "00")" }
    }

    /// The headers of W3C Trace Context for those who continue the trace from the present span.
    public var headers: [(String, String)] {
        let parent = traceparent.map { [("traceparent", $0)] } ?? []
        return parent + (state.isEmpty ? [] : [("tracestate", state)])
    }

    /// The header `tracestate` if it is worth passing on, or an empty text.
    ///
    /// W3C Trace Context lets a system drop one with more than 512 characters or 32 members.
    private static func state(_ header: String?) -> String {
        guard let header, header.utf8.count <= 512, header.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
            header.split(separator: ",").count <= 32
        else { return "" }
        return header
    }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// 16 hexadecimal digits.
private func hexadecimal(_ number: UInt64) -> String {
    var rest = number
    return String(unsafeUninitializedCapacity: 16) { bytes in
        for index in (0..<16).reversed() {
            let digit = UInt8(rest & 15)
            bytes[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            rest >>= 4
        }
        return 16
    }
}
