import Testing

@testable import Deployment

/// The report that people read.
@Suite struct ReportTextTests {
    private func target(_ name: String, _ limits: [(Metric, Double)], _ forbidden: [String]? = nil) -> Target {
        func limit(_ metric: Metric, max: Double? = nil, forbidden: [String]? = nil) -> Limit {
            Limit(
                metric: metric, max: max, forbidden: forbidden, enforced: .hard, confidence: "A", asOf: "2026",
                source: "its page", note: "A larger image is refused.")
        }
        return Target(
            name: name, title: "Title of \(name)",
            limits: limits.map { limit($0.0, max: $0.1) } + (forbidden.map { [limit(.user, forbidden: $0)] } ?? []))
    }

    private var measurements: Measurements {
        var measurements = Measurements(subject: "image.tar")
        measurements[.compressed] = 29_700_000
        measurements[.unpacked] = 38_100_000
        measurements[.resident] = 84_800_000
        measurements[.residentIdle] = 22_100_000
        measurements[.startUp] = 0.0068
        measurements.set(.user, ["root"])
        measurements.files = [.init(path: "/model/model.gguf", bytes: 24_400_000)]
        return measurements
    }

    private func verdict(_ targets: [Target], _ change: (inout Measurements) -> Void = { _ in }) -> String {
        var measurements = measurements
        change(&measurements)
        return Report(measurements, against: targets).verdict(targets: targets.map(\.name))
    }

    private let fitting = ["a", "b"].map { name in
        Target(name: name, title: "", limits: [])
    }

    // MARK: - The verdict

    @Test func aVerdictSaysWhatFitsAndByHowMuchTheRestFails() {
        let (small, rooted) = (target("lambda-zip", [(.unpacked, 26.1e6)]), target("kubernetes", [], ["root"]))
        #expect(verdict([fitting[0]]) == "image.tar fits a.")
        #expect(verdict(fitting) == "image.tar fits all 2 targets.")
        #expect(verdict([small]) == "image.tar fails lambda-zip by 12.0 MB.")
        #expect(verdict(fitting + [small]) == "image.tar fits 2 of 3 targets; fails lambda-zip by 12.0 MB.")
        #expect(
            verdict(fitting + [small, rooted])
                == "image.tar fits 2 of 4 targets; fails lambda-zip by 12.0 MB and kubernetes because of the user.")
        let many = (1...9).map { target("t\($0)", [(.unpacked, 1e6)]) }
        #expect(
            verdict(many)
                == "image.tar fits 0 of 9 targets; fails t1 by 37.1 MB, t2 by 37.1 MB, t3 by 37.1 MB and 6 more.")
    }

    @Test func aVerdictNamesWhatCouldNotBeMeasured() {
        let memory = target("railway", [(.resident, 500e6)])
        #expect(
            verdict([memory, fitting[0]]) { $0[.resident] = nil }
                == "image.tar fits 1 of 2 targets; could not be measured for railway.")
    }

    // MARK: - The whole text

    private func text(_ targets: [Target], _ style: TextStyle, _ change: (inout Measurements) -> Void = { _ in })
        -> String
    {
        var measurements = measurements
        change(&measurements)
        return Report(measurements, against: targets).text(targets: targets.map { ($0.name, $0.title) }, style: style)
    }

    @Test func limitsThatHoldAreFolded() {
        #expect(
            text([target("fly", [(.unpacked, 8e9), (.resident, 0x1p29)])], TextStyle()) == """
                image.tar fits fly.

                  compressed size   29.7 MB
                  unpacked size     38.1 MB
                  memory            22.1 MB after one answer, 84.8 MB under load
                  start-up time     7 ms

                2 limits hold; -v shows each.
                """)
    }

    @Test func everyLimitIsShownIfAskedFor() {
        let text = text([target("fly", [(.unpacked, 8e9), (.resident, 0x1p29)])], TextStyle(isVerbose: true))
        #expect(
            text.hasSuffix(
                """
                fly  Title of fly
                  ok   unpacked size       < 1 %  38.1 MB of 8 GB       █···················
                  ok   memory under load    16 %  84.8 MB of 512 MiB    ████················
                """), "\(text)")
    }

    @Test func severalTargetsAreATableAndThenTheProblems() {
        let targets = [target("fly", [(.unpacked, 8e9)]), target("small", [(.unpacked, 26.1e6)]), fitting[0]]
        #expect(
            text(targets, TextStyle()).hasSuffix(
                """

                  ok   fly    unpacked size       < 1 %  38.1 MB of 8 GB       █···················
                  FAIL small  unpacked size       146 %  38.1 MB of 26.1 MB    ████████████████████▶
                  ok   a      no limit is known

                small  Title of small
                  FAIL unpacked size       146 %  38.1 MB of 26.1 MB    ████████████████████▶
                       The unpacked size is 38.1 MB, 12.0 MB over the limit of 26.1 MB. A larger image is refused.
                       The largest file is /model/model.gguf with 24.4 MB.
                       Leave the model out of the image (--without-model) and mount it, or pack a smaller model.
                       Source: its page, 2026.

                1 limit holds; -v shows each.
                """), "\(text(targets, TextStyle()))")
    }

    @Test(arguments: [34, 40, 60, 80])
    func aNarrowTerminalGetsNarrowLines(width: Int) {
        let targets = [target("fly", [(.unpacked, 8e9)]), target("small", [(.unpacked, 26.1e6), (.resident, 5e6)])]
        let lines = text(targets, TextStyle(width: width)) { $0.remark(.resident, "estimated") }
            .split(separator: "\n")
        for line in lines { #expect(line.count <= width, "\(line)") }
        #expect(lines.contains { $0.hasPrefix("  FAIL small") })
        #expect(lines.contains { $0.contains("█") } == (width >= 80))
    }

    @Test func theLargestFileIsNamedOnlyIfItIsTheReason() {
        let large = text([target("small", [(.unpacked, 1e6)])], TextStyle(width: 500))
        #expect(!large.contains("The largest file"), "\(large)")
        #expect(large.contains("Find the largest files with `pinson image inspect`"))
        let memory = text([target("small", [(.resident, 80e6)])], TextStyle(width: 500))
        #expect(!memory.contains("The largest file") && memory.contains("Choose more memory"), "\(memory)")
    }

    @Test func coloursAreAddedOnlyIfAskedFor() {
        let targets = [target("small", [(.unpacked, 1e6)])]
        #expect(!text(targets, TextStyle()).contains("\u{1B}"))
        #expect(text(targets, TextStyle(isColoured: true)).contains("\u{1B}[31mFAIL\u{1B}[0m"))
    }

    @Test func whatIsNotMeasuredIsSaidOnceWithItsReason() {
        let text = text([target("small", [(.unpacked, 1e9)])], TextStyle()) {
            $0[.resident] = nil
            $0.remark(.resident, "the image contains no model")
        }
        #expect(text.contains("  memory            not measured (the image contains no model)\n"), "\(text)")
    }

    // MARK: - Numbers

    @Test(arguments: [
        (536_870_912.0, "512 MiB"), (500e6, "500 MB"), (1.024e9, "1024 MB"), (0x1p30, "1 GiB"), (250e6, "250 MB"),
        (26.1e6, "26.1 MB"), (512, "512 bytes"), (1, "1 byte"),
    ])
    func aLimitHasTheUnitOfItsSource(max: Double, text: String) {
        #expect(MetricFormat.limit(max, .resident) == text)
    }

    @Test(arguments: [(0.0068, "7 ms"), (0.25, "250 ms"), (1.0, "1 s"), (1.234, "1.2 s"), (240, "240 s")])
    func aTimeIsShort(seconds: Double, text: String) {
        #expect(MetricFormat.text(seconds, .startUp) == text)
    }

    @Test func probePathsAreComparedByTheirEnd() throws {
        let limit = Limit(
            metric: .probePath, forbidden: ["z"], enforced: .hard, confidence: "A", asOf: "", source: "", note: "Note.")
        let target = Target(name: "t", title: "", limits: [limit])
        for (paths, message) in [
            (["/health/live", "/health/ready"], "The probe paths are /health/live, /health/ready, which is allowed."),
            (["/healthz", "/health"], "The probe paths are /healthz, but must not end in z. Note."),
        ] {
            let report = Report(
                {
                    var measurements = Measurements(subject: "")
                    measurements.set(.probePath, paths)
                    return measurements
                }(), against: [target])
            #expect(report.findings.map(\.message) == [message])
        }
    }

    @Test func limitsAreNumbersInJSON() throws {
        let targets = [target("small", [(.unpacked, 1e6)], ["root"])]
        let text = try Report(measurements, against: targets).json()
        #expect(text.contains(#""max" : 1000000"#) && text.contains(#""value" : 38100000"#), "\(text)")
        #expect(text.contains("\"forbidden\" : [\n        \"root\"\n      ]"), "\(text)")
    }
}
