extension Sampler {
    /// Reads the name of a sampler and its argument, as `OTEL_TRACES_SAMPLER` gives them.
    init(_ name: String?, _ argument: String?) throws(TelemetrySettingsError) {
        let (kind, variable) = (name ?? "parentbased_always_on", "OTEL_TRACES_SAMPLER")
        let followsCaller = kind.hasPrefix("parentbased_")
        switch followsCaller ? String(kind.dropFirst(12)) : kind {
        case "always_on": self.init(ratio: 1, followsCaller: followsCaller)
        case "always_off": self.init(ratio: 0, followsCaller: followsCaller)
        case "traceidratio":
            self.init(ratio: 1, followsCaller: followsCaller)
            guard let argument else { return }
            guard let number = Double(argument), (0...1).contains(number) else {
                throw TelemetrySettingsError(
                    variable + "_ARG", found: argument, expected: "a share from 0 to 1, such as 0.1")
            }
            ratio = number
        default:
            throw TelemetrySettingsError(
                variable, found: kind,
                expected: "always_on, always_off, traceidratio, or one of them after parentbased_")
        }
    }
}
