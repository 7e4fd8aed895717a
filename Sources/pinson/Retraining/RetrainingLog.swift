import Foundation
import Tracking

/// The record of a retraining on a server: a run, and a nested run for each step.
///
/// A run has a tag with the identifier of the retraining and the step, so a step that is done again goes on with its run.
struct RetrainingLog {
    let server: MLflowServer
    private let plan: RetrainingPlan
    /// The run of the whole retraining.
    let parent: Run

    /// Finds the run of a retraining, or creates it.
    ///
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    init(_ plan: RetrainingPlan, on server: MLflowServer) async throws {
        self.server = server
        self.plan = plan
        let experiment = try await server.experiment(named: plan.experiment)
        if let known = try await server.runs(in: experiment, tag: RunTag.origin, plan.id).first {
            parent = known
            try await server.update(known, status: .running, end: nil)
        } else {
            let tags = RunFacts.tags.merging([RunTag.origin: plan.id, ReportHistory.modelTag: plan.name]) { $1 }
            parent = try await server.create(
                NewRun(name: "retrain \(plan.name)", experiment: experiment, start: plan.start, user: NSUserName()),
                RunEntries(params: plan.settings, tags: tags))
        }
    }

    /// Finds the run of a step, or creates it.
    func start(_ step: RetrainingStep) async throws -> Run {
        let origin = "\(plan.id)-\(step.rawValue)"
        if let known = try await server.runs(in: parent.experiment, tag: RunTag.origin, origin).first { return known }
        return try await server.create(
            NewRun(
                name: step.rawValue, experiment: parent.experiment, parent: parent.id, start: milliseconds(Date()),
                user: NSUserName()), RunEntries(tags: RunFacts.source.merging([RunTag.origin: origin]) { $1 }))
    }

    /// Records what a step has done, and ends its run.
    func finish(_ run: Run, _ record: StepRecord, files: [String: String]) async throws {
        try await server.log(
            entries(record.metrics.merging(["seconds": record.seconds]) { $1 }, record.facts, record.files), in: run)
        for (path, file) in files.sorted(by: { $0.key < $1.key }) { try await server.put(file, as: path, in: run) }
        try await server.update(run, status: .finished, end: milliseconds(Date()))
    }

    /// Makes a run that another command has recorded a part of this one.
    func adopt(_ id: String, as step: RetrainingStep) async throws {
        let origin = ["pinson.retrain.step": step.rawValue, RunTag.parent: parent.id]
        try await server.log(RunEntries(tags: origin), in: try await server.run(id))
    }

    /// Records that a run has ended with an error.
    func fail(_ run: Run) async {
        try? await server.update(run, status: .failed, end: milliseconds(Date()))
    }

    /// Records how the retraining ended, with the history that the next one needs.
    func end(_ outcome: RetrainingOutcome, reasons: [String], history: String?) async throws {
        if let history { try await server.put(history, as: ReportHistory.artifact, in: parent) }
        var tags = ["pinson.retrain.outcome": outcome.rawValue]
        if !reasons.isEmpty { tags["pinson.retrain.reasons"] = reasons.joined(separator: "; ") }
        let counts = plan.reports.mapKeys { "reports/\($0)" }.mapValues(Double.init)
        try await server.log(entries(counts, [:], [:], tags), in: parent)
        try await server.update(parent, status: .finished, end: milliseconds(Date()))
    }

    private func entries(
        _ metrics: [String: Double], _ facts: [String: String], _ files: [String: String],
        _ tags: [String: String] = [:]
    ) -> RunEntries {
        let now = milliseconds(Date())
        let digests = files.mapKeys { "pinson.file.\($0)" }.mapValues { "sha256:\($0)" }
        return RunEntries(
            metrics: metrics.sorted { $0.key < $1.key }.map { MetricValue($0.key, $0.value, time: now) },
            tags: facts.mapKeys { "pinson.retrain.\($0)" }.merging(digests) { $1 }.merging(tags) { $1 })
    }
}

extension Dictionary where Key == String {
    /// The same values with other keys.
    fileprivate func mapKeys(_ body: (String) -> String) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: map { (body($0.key), $0.value) })
    }
}
