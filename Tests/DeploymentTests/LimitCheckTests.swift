import Testing

@testable import Deployment

/// The comparison of measurements with limits.
@Suite struct LimitCheckTests {
    private func limit(
        _ metric: Metric, max: Double? = nil, allowed: [String]? = nil, forbidden: [String]? = nil,
        required: [String]? = nil, _ enforced: Limit.Enforcement = .hard
    ) -> Limit {
        Limit(
            metric: metric, max: max, allowed: allowed, forbidden: forbidden, required: required, enforced: enforced,
            confidence: "A", asOf: "2026-01-01", source: "its page", note: "A larger image is refused.")
    }

    /// The finding about an image with a model and a function, after `change`.
    private func finding(
        _ limit: Limit, isStrict: Bool = false, _ change: (inout Measurements) -> Void
    ) throws -> Finding {
        var measurements = Measurements(subject: "image.tar")
        measurements.files = [
            .init(path: "/model/model.gguf", bytes: 500_000_000), .init(path: "/function", bytes: 13_000_000),
        ]
        change(&measurements)
        let target = Target(name: "here", title: "Here", limits: [limit])
        return try #require(Report(measurements, against: [target], isStrict: isStrict).findings.first)
    }

    @Test func aNumberPassesUpToTheMaximum() throws {
        for (value, status) in [(0.0, Finding.Status.pass), (999, .pass), (1000, .pass), (1001, .violation)] {
            #expect(try finding(limit(.compressed, max: 1000)) { $0[.compressed] = value }.status == status)
        }
        let found = try finding(limit(.compressed, max: 1000)) { $0[.compressed] = 999 }
        #expect(found.message == "The compressed size is 999 bytes, within the limit of 1 kB.")
    }

    @Test func aViolationNamesTheExcessTheLargestFileAndANextStep() throws {
        let found = try finding(limit(.unpacked, max: 250_000_000)) { $0[.unpacked] = 513_000_000 }
        #expect(
            found.message == """
                The unpacked size is 513.0 MB, 263.0 MB over the limit of 250 MB. A larger image is refused. \
                The largest file is /model/model.gguf with 500.0 MB.
                """)
        #expect(
            found.suggestion
                == "Leave the model out of the image (--without-model) and mount it, or pack a smaller model.")
        #expect(found.used == 513.0 / 250)
    }

    @Test func aSuggestionInTheMeasurementsTakesPrecedence() throws {
        let found = try finding(limit(.unpacked, max: 1)) {
            $0[.unpacked] = 2
            $0.suggestion = "Packing the model with --bits 8 saves 35.0 MB, most of it in 'embeddings'."
        }
        #expect(found.suggestion?.contains("35.0 MB") == true)
    }

    @Test func oneOfTheRequiredValuesMustBeThere() throws {
        let either = limit(.file, required: ["/a", "/b"])
        #expect(try finding(either) { $0.set(.file, ["/b", "/c"]) }.message == "The file /b is there.")
        let missing = try finding(either) { $0.set(.file, []) }
        #expect(missing.status == .violation)
        #expect(missing.message == "The file /a or /b is missing. A larger image is refused.")
        #expect(missing.suggestion == "Add the file with `pinson image build --add FILE:PATH`.")
        #expect(try finding(either) { _ in }.status == .unmeasured)
    }

    @Test func theNextLargerInstanceIsSuggested() throws {
        var measurements = Measurements(subject: "image.tar")
        measurements[.resident] = Double(700 << 20)
        let target = Target(
            name: "here", title: "Here",
            sizes: [.init(memory: 512 << 20, cpu: "0.25"), .init(memory: 1 << 30, cpu: "0.5")],
            limits: [limit(.resident, max: Double(512 << 20))])
        let found = try #require(Report(measurements, against: [target]).findings.first)
        #expect(found.suggestion == "Choose 1024 MiB of memory (0.5 CPU), or pack a smaller model.")
    }

    @Test func aLimitThatIsAdviceOnlyWarns() throws {
        let found = try finding(limit(.compressed, max: 1000, .advice)) { $0[.compressed] = 2000 }
        #expect(found.status == .warning)
        #expect(found.message.hasSuffix("This limit is advice (confidence A) and does not fail the check."))
    }

    @Test func aStrictCheckTurnsWarningsIntoViolations() throws {
        let advice = limit(.compressed, max: 1000, .advice)
        let found = try finding(advice, isStrict: true) { $0[.compressed] = 2000 }
        #expect(found.status == .violation)
        #expect(
            found.message.hasSuffix("This limit is advice (confidence A), but --strict makes the check fail."))
        let missing = try finding(advice, isStrict: true) { _ in }
        #expect(missing.status == .violation)
        #expect(
            missing.message == """
                The compressed size could not be measured. \
                This limit is advice (confidence A), but --strict makes the check fail.
                """)
        #expect(try finding(advice, isStrict: true) { $0[.compressed] = 1000 }.status == .pass)
        #expect(try finding(limit(.compressed, max: 1000), isStrict: true) { _ in }.status == .unmeasured)
    }

    @Test func aMissingMeasurementDoesNotPass() throws {
        let found = try finding(limit(.resident, max: 1000)) { $0.remark(.resident, "this machine cannot run it") }
        #expect(found.status == .unmeasured)
        #expect(found.message == "The memory under load could not be measured: this machine cannot run it.")
        let withoutReason = try finding(limit(.user, forbidden: ["root"])) { _ in }
        #expect(withoutReason.status == .unmeasured)
        #expect(withoutReason.message == "The user could not be measured.")
        #expect(try finding(limit(.user, forbidden: ["root"], .advice)) { _ in }.status == .warning)
    }

    @Test func oneAllowedPlatformIsEnough() throws {
        for (platforms, status) in [
            (["linux/amd64"], Finding.Status.pass), (["linux/amd64", "linux/arm64"], .pass),
            (["linux/arm64"], .violation),
        ] {
            #expect(
                try finding(limit(.platform, allowed: ["linux/amd64"])) { $0.set(.platform, platforms) }.status
                    == status)
        }
        let found = try finding(limit(.platform, allowed: ["linux/amd64"])) { $0.set(.platform, ["linux/arm64"]) }
        #expect(found.message == "The platform is linux/arm64, but must be linux/amd64. A larger image is refused.")
    }

    @Test func ofOtherMetricsEveryValueMustBeAllowed() throws {
        let user = limit(.user, forbidden: ["root"])
        #expect(try finding(user) { $0.set(.user, ["65532"]) }.message == "The user is 65532, which is allowed.")
        let root = try finding(user) { $0.set(.user, ["root"]) }
        #expect(root.status == .violation)
        #expect(root.message.hasPrefix("The user is root, but must not be root."))
        #expect(
            try finding(limit(.compression, allowed: ["gzip"])) { $0.set(.compression, ["gzip", "none"]) }.status
                == .violation)
    }

    @Test func theReportHasTheMostSevereStatusOfItsFindings() {
        func report(_ statuses: [Finding.Status]) -> Finding.Status {
            Report(
                measurements: Measurements(subject: ""),
                findings: statuses.map {
                    Finding(
                        target: "", metric: .user, status: $0, measured: "", limit: "", message: "", source: "",
                        confidence: "A")
                }
            ).status
        }
        #expect(report([]) == .pass)
        #expect(report([.pass, .warning]) == .warning)
        #expect(report([.warning, .unmeasured, .pass]) == .unmeasured)
        #expect(report([.unmeasured, .violation]) == .violation)
    }
}
