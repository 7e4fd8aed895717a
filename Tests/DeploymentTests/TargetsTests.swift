import CloudRunFiles
import Foundation
import Testing

@testable import Deployment

/// The targets in `cloudrun/limits.json`, and limits files of users.
@Suite struct TargetsTests {
    @Test func everyPlatformIsKnownAndEveryLimitIsComplete() throws {
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        for name in [
            "cloud-run", "cloud-run-gen1", "cloud-run-free", "azure-container-apps", "app-service-f1",
            "azure-functions", "lambda", "lambda-zip", "artifact-registry", "ghcr", "docker-hub", "fly", "heroku",
            "vercel", "nas",
        ] { #expect(throws: Never.self) { try targets.find(name) } }
        #expect(Set(targets.all.map(\.name)).count == targets.all.count)
        for target in targets.all {
            #expect((target.sizes ?? []).map(\.memory) == (target.sizes ?? []).map(\.memory).sorted())
            for limit in target.limits {
                #expect(
                    !limit.source.isEmpty && !limit.asOf.isEmpty && limit.note.hasSuffix("."),
                    "\(target.name) \(limit.metric)")
                #expect(limit.enforced == .advice || ["A", "B"].contains(limit.confidence))
                #expect((limit.max != nil) == (limit.metric.isBytes || limit.metric == .startUp))
            }
        }
    }

    @Test func anImageOfMoreThanOneGigabyteFailsOnTheFreePlanOfAppService() throws {
        let plan = try Targets(json: CloudRunFiles.limits, named: "limits.json").find("app-service-f1")
        for (metric, limit) in [(Metric.unpacked, 1_000_000_000.0), (.resident, 1_024_000_000)] {
            for (value, status) in [(limit, Finding.Status.pass), (limit * 1.2, .violation)] {
                var measurements = Measurements(subject: "image.tar")
                measurements[metric] = value
                let findings = Report(measurements, against: [plan]).findings.filter { $0.metric == metric }
                #expect(findings.map(\.status) == [status], "\(metric) \(value)")
                #expect(findings.map(\.confidence) == ["B"])
            }
        }
    }

    @Test func aLimitsFileOfTheUserAddsAndReplacesTargets() throws {
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
        ("[]", "the document is not an object"), (#"{"schema":2,"targets":[]}"#, "the schema is 2"),
        (#"{"schema":1,"targets":[{"name":"a","limits":[]}]}"#, "'targets[0].title' is missing"),
        (#"{"schema":1,"targets":{}}"#, "'targets' is not an array"),
        (
            #"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"weight"}]}]}"#,
            "'targets[0].limits[0].of': 'weight' is not a metric; the metrics are compressed, unpacked, resident,"
        ),
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
            "target 'a': -5.0 is not a valid maximum for 'compressed'"
        ),
        (
            #"{"schema":1,"targets":[{"name":"a","title":"","limits":[{"of":"compressed","max":1e19,"enforced":"hard","confidence":"A","asOf":"","source":"","note":""}]}]}"#,
            "is not a valid maximum"
        ),
    ])
    func anInvalidLimitsFileIsRefusedWithPlaceAndReason(json: String, reason: String) throws {
        let error = #expect(throws: DeploymentError.self) { try Targets(json: Data(json.utf8), named: "own.json") }
        let message = "\(try #require(error))"
        #expect(message.contains(reason), "\(message)")
        #expect(message.hasPrefix("own.json: "))
    }

    @Test func theErrorForAnUnknownTargetListsTheKnownNames() throws {
        let targets = try Targets(json: CloudRunFiles.limits, named: "limits.json")
        let error = #expect(throws: DeploymentError.self) { try targets.find("cloudrun") }
        #expect("\(try #require(error))".contains("Choose from cloud-run, "))
    }
}
