import Testing

@testable import Deployment

private let sizes = "Use a number with one of the units kB, MB, GB, KiB, MiB, GiB, or a number of bytes without a unit."
private let times = "Use a number with one of the units ms, s, such as start-up=1s."
private let metrics = "compressed, unpacked, resident, resident-idle, anonymous, largest-layer, start-up, file-in-git"

/// The target that a user's own limits form.
@Suite struct BudgetTests {
    @Test(arguments: [
        ("compressed=30MB", Metric.compressed, 30_000_000.0), ("unpacked=1GB", .unpacked, 1e9),
        ("resident=512MiB", .resident, 536_870_912), ("largest-layer=20kB", .largestLayer, 20_000),
        ("file-in-git=2KiB", .fileInGit, 2048), ("unpacked=1GiB", .unpacked, 0x1p30),
        ("compressed=1234", .compressed, 1234), ("compressed=1.5MB", .compressed, 1_500_000),
        ("start-up=1s", .startUp, 1), ("start-up=250ms", .startUp, 0.25), (" resident = 5 MB ", .resident, 5_000_000),
    ])
    func aLimitHasAMetricANumberAndAUnit(text: String, metric: Metric, max: Double) throws {
        let target = try Target(budget: text)
        #expect(target.limits.map(\.metric) == [metric])
        #expect(target.limits.map(\.max) == [max])
    }

    @Test func everyLimitIsHardAndItsSourceIsTheUser() throws {
        let target = try Target(budget: "compressed=30MB,unpacked=1GB,resident=512MiB,start-up=1s")
        #expect(target.name == "budget")
        #expect(target.limits.map(\.metric) == [.compressed, .unpacked, .resident, .startUp])
        for limit in target.limits {
            #expect(limit.enforced == .hard)
            #expect(throws: Never.self) { try limit.validate(in: "budget") }
        }
        var measurements = Measurements(subject: "image.tar")
        measurements[.compressed] = 30_000_001
        measurements[.startUp] = 1
        let findings = Report(measurements, against: [target]).findings
        #expect(findings.map(\.status) == [.violation, .unmeasured, .unmeasured, .pass])
        #expect(
            findings[0].message == """
                The compressed size is 30.0 MB, 1 byte over the limit of 30 MB. \
                You set this limit with --budget.
                """)
        #expect(findings[0].source == "your own budget, --budget compressed=30MB")
    }

    @Test(arguments: [
        ("weight=3MB", "'weight' is not a metric that a budget can limit. Choose from \(metrics)."),
        ("user=3", "'user' is not a metric that a budget can limit. Choose from \(metrics)."),
        ("=3MB", "'' is not a metric that a budget can limit. Choose from \(metrics)."),
        ("compressed=3mb", "'mb' is not a unit of compressed. \(sizes)"),
        ("compressed=3s", "'s' is not a unit of compressed. \(sizes)"),
        ("start-up=3MB", "'MB' is not a unit of start-up. \(times)"), ("start-up=3", "'3' has no unit. \(times)"),
        ("compressed=", "'' does not start with a number. \(sizes)"),
        ("compressed=MB", "'MB' does not start with a number. \(sizes)"),
        ("compressed=1.2.3MB", "'1.2.3MB' does not start with a number. \(sizes)"),
        ("compressed=0x10", "'x10' is not a unit of compressed. \(sizes)"),
        ("compressed=nan", "'nan' does not start with a number. \(sizes)"),
        ("compressed=-5MB", "'-5MB' is out of range. Use a maximum from 1 byte to less than 2^60 bytes."),
        ("compressed=0", "'0' is out of range. Use a maximum from 1 byte to less than 2^60 bytes."),
        ("start-up=-1s", "'-1s' is out of range. Use a maximum greater than 0 and less than 2^60 s."),
        (
            "compressed=9999999999GiB",
            "'9999999999GiB' is out of range. Use a maximum from 1 byte to less than 2^60 bytes."
        ),
        ("compressed", "it is not a limit. Write METRIC=MAXIMUM, such as compressed=30MB. The metrics are \(metrics)."),
        ("", "it is not a limit. Write METRIC=MAXIMUM, such as compressed=30MB. The metrics are \(metrics)."),
    ])
    func anInvalidLimitIsRefusedWithReasonAndAdvice(text: String, message: String) throws {
        let error = #expect(throws: DeploymentError.self) { try Target(budget: text) }
        #expect("\(try #require(error))" == "--budget '\(text)': \(message)")
    }

    @Test func theErrorNamesTheLimitThatIsInvalid() throws {
        for (text, what) in [
            ("compressed=30MB,weight=1", "'weight=1': 'weight' is not a metric"), ("compressed=30MB,", "'': it is not"),
            ("compressed=1,compressed=3", "'compressed=3': the metric 'compressed' has two limits. Give one"),
        ] {
            let error = #expect(throws: DeploymentError.self) { try Target(budget: text) }
            #expect("\(try #require(error))".hasPrefix("--budget \(what)"))
        }
    }
}
