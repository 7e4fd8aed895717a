import CloudRunFiles
import Foundation
import Testing

@testable import Deployment

@Suite struct CheckTests {
    private func limit(
        _ of: Measure, max: Double? = nil, allowed: [String]? = nil, forbidden: [String]? = nil,
        _ enforced: Limit.Enforcement = .hard
    ) -> Limit {
        Limit(
            of: of, max: max, allowed: allowed, forbidden: forbidden, enforced: enforced, confidence: "A",
            asOf: "2026-01-01",
            source: "its page", note: "What is beyond is stopped.")
    }

    private func finding(_ limit: Limit, _ change: (inout Measured) -> Void) throws -> Finding {
        var measured = Measured(subject: "image.tar")
        measured.files = [
            .init(path: "/model/model.gguf", bytes: 500_000_000), .init(path: "/function", bytes: 13_000_000),
        ]
        change(&measured)
        return try #require(
            Report(measured, against: [Target(name: "here", title: "Here", limits: [limit])]).findings.first)
    }

    @Test func whatFitsPassesUpToTheLastByte() throws {
        for (value, status) in [(0.0, Finding.Status.pass), (999, .pass), (1000, .pass), (1001, .violation)] {
            #expect(try finding(limit(.compressed, max: 1000)) { $0[.compressed] = value }.status == status)
        }
    }

    @Test func aViolationSaysByHowMuchWhatWeighsMostAndWhatWouldHelp() throws {
        let found = try finding(limit(.unpacked, max: 250_000_000)) { $0[.unpacked] = 513_000_000 }
        #expect(
            found.message == """
                unpacked is 513,000,000 bytes, 263.0 MB over the limit of 250,000,000 bytes. What is beyond is stopped. \
                /model/model.gguf weighs most, 500,000,000 bytes.
                """)
        #expect(
            found.suggestion
                == "Leave the model out of the image (--without-model) and mount it, or pack a smaller model.")
        #expect(found.used == 513.0 / 250)
    }

    @Test func aSuggestionOfTheModelItselfGoesFirst() throws {
        let found = try finding(limit(.unpacked, max: 1)) {
            $0[.unpacked] = 2
            $0.remarks["suggestion"] = "Packing the model with --bits 8 saves 35.0 MB, most of it in 'embeddings'."
        }
        #expect(found.suggestion?.contains("35.0 MB") == true)
    }

    @Test func memoryThatCanBeOrderedIsNamed() throws {
        var measured = Measured(subject: "image.tar")
        measured[.resident] = Double(700 << 20)
        let target = Target(
            name: "here", title: "Here",
            sizes: [.init(memory: 512 << 20, cpu: "0.25"), .init(memory: 1 << 30, cpu: "0.5")],
            limits: [limit(.resident, max: Double(512 << 20))])
        let found = try #require(Report(measured, against: [target]).findings.first)
        #expect(found.suggestion == "Order 1024 MiB (0.5 CPU), or pack a smaller model.")
    }

    @Test func whatOnlyAdvisesWarnsAndSaysSo() throws {
        let found = try finding(limit(.compressed, max: 1000, .advice)) { $0[.compressed] = 2000 }
        #expect(found.status == .warning)
        #expect(found.message.contains("advice (confidence A)"))
    }

    @Test func whatCouldNotBeMeasuredIsNoPass() throws {
        let found = try finding(limit(.resident, max: 1000)) { $0.remark(.resident, "this machine cannot run it") }
        #expect(found.status == .unmeasured)
        #expect(found.message == "resident could not be measured: this machine cannot run it")
        #expect(try finding(limit(.user, forbidden: ["root"])) { _ in }.status == .unmeasured)
    }

    @Test func ofSeveralPlatformsOneThatRunsThereIsEnough() throws {
        for (platforms, status) in [
            (["linux/amd64"], Finding.Status.pass), (["linux/amd64", "linux/arm64"], .pass),
            (["linux/arm64"], .violation),
        ] {
            #expect(
                try finding(limit(.platform, allowed: ["linux/amd64"])) { $0.set(.platform, platforms) }.status
                    == status)
        }
    }

    @Test func ofOtherWordsOneThatIsForbiddenIsEnough() throws {
        #expect(try finding(limit(.user, forbidden: ["root"])) { $0.set(.user, ["65532"]) }.status == .pass)
        #expect(try finding(limit(.user, forbidden: ["root"])) { $0.set(.user, ["root"]) }.status == .violation)
        #expect(
            try finding(limit(.compression, allowed: ["gzip"])) { $0.set(.compression, ["gzip", "none"]) }.status
                == .violation)
    }

    @Test func theWorstFindingDecides() {
        func report(_ statuses: [Finding.Status]) -> Finding.Status {
            Report(
                measurement: Measured(subject: ""),
                findings: statuses.map {
                    Finding(
                        target: "", measure: .user, status: $0, measured: "", limit: "", message: "", source: "",
                        confidence: "A")
                }
            ).status
        }
        #expect(report([]) == .pass)
        #expect(report([.pass, .warning]) == .warning)
        #expect(report([.warning, .unmeasured, .pass]) == .unmeasured)
        #expect(report([.unmeasured, .violation]) == .violation)
    }

    @Test func growthBeyondWhatIsAllowedIsAViolationThatNamesWhatGrew() throws {
        func report(_ bytes: Int64) -> Report {
            var measured = Measured(subject: "image.tar")
            measured[.compressed] = Double(bytes)
            measured.files = [.init(path: "/model", bytes: 500), .init(path: "/function", bytes: bytes - 500)]
            return Report(measured, against: [])
        }
        let old = report(1000)
        #expect(report(1050).compared(with: old, maximumGrowth: 0.05).status == .pass)
        #expect(report(900).compared(with: old, maximumGrowth: 0).status == .pass)
        let grown = report(1200).compared(with: old, maximumGrowth: 0.05)
        #expect(grown.status == .violation)
        #expect(
            grown.findings[0].message == """
                compressed grew by 20.0 % (from 1,000 bytes to 1,200 bytes), 5.0 % allowed. /function grew most, by 200 bytes.
                """)
    }

    @Test func aBaselineThatHoldsNothingIsNoPass() throws {
        var measured = Measured(subject: "image.tar")
        measured[.compressed] = 10
        let empty = Report(Measured(subject: "old"), against: [])
        let report = Report(measured, against: []).compared(with: empty, maximumGrowth: 0)
        #expect(report.status == .unmeasured)
    }

    // MARK: - The targets that are known

    @Test func theKnownTargetsAreReadAndEveryPlatformIsThere() throws {
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        for name in [
            "cloud-run", "cloud-run-gen1", "cloud-run-free", "azure-container-apps", "app-service-f1",
            "azure-functions", "lambda",
            "lambda-zip", "artifact-registry", "ghcr", "docker-hub", "fly", "heroku", "vercel", "nas",
        ] { #expect(throws: Never.self) { try targets.find(name) } }
        #expect(Set(targets.all.map(\.name)).count == targets.all.count)
        for target in targets.all {
            #expect((target.sizes ?? []).map(\.memory) == (target.sizes ?? []).map(\.memory).sorted())
            for limit in target.limits {
                #expect(
                    !limit.source.isEmpty && !limit.asOf.isEmpty && !limit.note.isEmpty, "\(target.name) \(limit.of)")
                #expect(limit.enforced == .advice || ["A", "B"].contains(limit.confidence))
                #expect((limit.max != nil) == (limit.of.isBytes || limit.of == .startUp))
            }
        }
    }

    @Test func aFileOfTheUsersOwnAddsAndOverrides() throws {
        let known = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        let own = """
            {"schema":1,"targets":[
             {"name":"cloud-run","title":"Mine","limits":[]},
             {"name":"attic","title":"The attic","limits":[{"of":"compressed","max":5,"enforced":"hard","confidence":"A","asOf":"today","source":"me","note":"small"}]}]}
            """
        let both = known.overridden(by: try Targets(json: Data(own.utf8), named: "own.json"))
        #expect(try both.find("cloud-run").limits.isEmpty)
        #expect(try both.find("attic").limits[0].max == 5)
        #expect(both.all.count == known.all.count + 1)
        let again = try Targets(json: Data(both.json().utf8), named: "again")
        #expect(again.all.map(\.name) == both.all.map(\.name))
    }

    @Test(arguments: [
        ("[]", "does not read"), (#"{"schema":2,"targets":[]}"#, "schema is 2"),
        (#"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"weight"}]}]}"#, "does not read"),
        (
            #"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"compressed","enforced":"hard","confidence":"A","asOf":"","source":"","note":""}]}]}"#,
            "exactly one"
        ),
        (
            #"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"compressed","max":1,"enforced":"hard","confidence":"C","asOf":"","source":"","note":""}]}]}"#,
            "confidence C"
        ),
        (
            #"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"compressed","max":-5,"enforced":"hard","confidence":"A","asOf":"","source":"","note":""}]}]}"#,
            "is no limit"
        ),
        (
            #"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"compressed","max":1e19,"enforced":"hard","confidence":"A","asOf":"","source":"","note":""}]}]}"#,
            "is no limit"
        ),
    ])
    func aFileThatCannotBeRightIsRefused(json: String, reason: String) throws {
        let error = #expect(throws: DeploymentError.self) { try Targets(json: Data(json.utf8), named: "own.json") }
        #expect("\(try #require(error))".contains(reason))
        #expect("\(try #require(error))".hasPrefix("own.json"))
    }

    @Test func anUnknownTargetIsAnsweredWithThoseThatAreKnown() throws {
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        let error = #expect(throws: DeploymentError.self) { try targets.find("cloudrun") }
        #expect("\(try #require(error))".contains("cloud-run"))
    }
}
