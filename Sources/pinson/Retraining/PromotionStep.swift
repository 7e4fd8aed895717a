import Foundation
import Tracking

/// Compares the new model with the champion, and makes it the champion if it is good enough, exactly once.
struct PromotionStep {
    let steps: RetrainingSteps
    let server: MLflowServer

    /// What `pinson promote --json` prints, as far as it is needed.
    private struct Result: Decodable {
        struct Candidate: Decodable { var version: String? }
        struct Condition: Decodable {
            var name: String
            var status: String
            var detail: String
        }
        struct Test: Decodable {
            var first: Double
            var second: Double
        }
        var outcome: String
        var candidate: Candidate
        var conditions: [Condition]
        var test: Test?
        var reportedTest: Test?
        var run: String?
    }

    private static let file = "promotion.json"

    private var plan: RetrainingPlan { steps.plan }

    /// Does the step.
    ///
    /// - Parameter log: The record of the retraining, whose run becomes the parent of the run of the promotion.
    /// - Returns: What was done.
    /// - Throws: `StepFailure` if the command fails, and `TrackingError` if the server cannot be reached or refuses.
    func run(_ log: RetrainingLog) async throws -> StepRecord {
        let digest = "sha256:" + (try await fileDigest(steps.folder.file(RetrainingSteps.model)))
        // The attempt before this one may have been stopped after it had moved the alias.
        if let champion = try await Champion(of: plan.name, on: server).current(), champion.version != plan.champion,
            champion.tags[ModelTag.digest] == digest
        {
            say("version \(champion.version) of \(plan.name) is this model and the champion already")
            return try await record(
                version: champion.version, run: champion.tags["pinson.promotion.run"] ?? champion.run, log)
        }
        try await checkTest()
        // Or after it had registered the version.
        let registered = try await server.version(of: plan.name, withDigest: digest)
        let model = registered.map { "mlflow:\(plan.name)/\($0.version)" }
        let result = try promote(model ?? steps.folder.file(RetrainingSteps.model))
        switch result.outcome {
        case "promoted":
            var record = try await record(version: result.candidate.version ?? "", run: result.run, log)
            record.metrics = metrics(result)
            record.facts["conditions"] = reasons(result, failing: false).joined(separator: "; ")
            return record
        case "overtaken":
            return try await refused(.overtaken, ["the champion was changed by another program meanwhile"], result, log)
        default:
            return try await refused(.refused, reasons(result, failing: true), result, log)
        }
    }

    private func promote(_ model: String) throws -> Result {
        let reported = steps.folder.file(RetrainingSteps.reported)
        let arguments =
            ["promote", model, "--name", plan.name, "--data", plan.test.path, "--reported", reported] + plan.gate
            + ["--track", plan.experiment, "--json"]
        let output = try steps.run(.promote, arguments, verdicts: [0, 1]).output
        let result = try JSONDecoder().decode(Result.self, from: Data(output.utf8))
        try writeFile(output, to: steps.folder.file(Self.file))
        return result
    }

    /// Checks that the test set is still the one with which the retraining began.
    private func checkTest() async throws {
        let digest = try await fileDigest(plan.test.path)
        guard digest == plan.test.digest else {
            throw TrackingError.mismatch(
                what: "the test set \(plan.test.path)", found: digest, expected: plan.test.digest)
        }
    }

    private func record(version: String, run: String?, _ log: RetrainingLog) async throws -> StepRecord {
        let version = try await server.version(of: plan.name, numbered: version)
        try await server.set([ModelTag.retraining: log.parent.id], on: version)
        if let run { try await log.adopt(run, as: .promote) }
        var record = StepRecord(step: .promote)
        record.facts = ["version": version.version]
        record.run = run
        return record
    }

    private func refused(
        _ outcome: RetrainingOutcome, _ reasons: [String], _ result: Result, _ log: RetrainingLog
    ) async throws -> StepRecord {
        if let run = result.run { try await log.adopt(run, as: .promote) }
        var record = StepRecord(step: .promote)
        record.refusal = .init(outcome: outcome, reasons: reasons)
        record.metrics = metrics(result)
        record.run = result.run
        return record
    }

    private func reasons(_ result: Result, failing: Bool) -> [String] {
        result.conditions.filter { ($0.status != "holds") == failing }.map { "\($0.name): \($0.detail)" }
    }

    private func metrics(_ result: Result) -> [String: Double] {
        var metrics: [String: Double] = [:]
        for (name, test) in [("test", result.test), ("reported", result.reportedTest)] {
            guard let test else { continue }
            metrics["\(name)/champion"] = test.first
            metrics["\(name)/candidate"] = test.second
        }
        return metrics
    }
}
