import ArgumentParser
import Foundation
import Tracking

/// Does the steps of a retraining that are not done yet, one after the other.
///
/// A step is done once its record is in the folder and its files are as it has left them. What a step does can be done
/// again: the same data and seed give the same files, a promotion that has taken place is found, and a registry keeps what
/// it has.
struct Retraining {
    var plan: RetrainingPlan
    let folder: RetrainingFolder
    let server: MLflowServer

    /// Does the steps, and records how the retraining ended.
    ///
    /// - Returns: How it ended, and the records of its steps.
    /// - Throws: `StepFailure` if a step fails, `TrackingError` if the server cannot be reached or refuses. Then the
    ///   retraining can go on later.
    mutating func run() async throws -> (outcome: RetrainingOutcome, records: [StepRecord], run: String) {
        let log = try await RetrainingLog(plan, on: server)
        try sendStoppedRuns()
        var records: [StepRecord] = []
        do {
            for step in RetrainingStep.steps(of: plan) {
                let record = try await done(step, after: records, log)
                records.append(record)
                if record.refusal != nil { break }
            }
        } catch {
            await log.fail(log.parent)
            throw error
        }
        let refusal = records.last?.refusal
        let outcome = refusal?.outcome ?? .promoted
        try await log.end(outcome, reasons: refusal?.reasons ?? [], history: try history(outcome))
        plan.outcome = outcome
        try folder.save(plan)
        return (outcome, records, log.parent.id)
    }

    /// The record of a step, which is done now if it was not.
    private func done(_ step: RetrainingStep, after records: [StepRecord], _ log: RetrainingLog) async throws
        -> StepRecord
    {
        if let record = try await folder.record(step) {
            say("step \(step.rawValue): done before")
            return record
        }
        say("step \(step.rawValue)")
        let start = ContinuousClock.now
        let run = step == .promote ? nil : try await log.start(step)
        do {
            var (record, files) = try await perform(step, after: records, log)
            record.seconds = (ContinuousClock.now - start) / .seconds(1)
            if let run {
                record.run = run.id
                try await log.finish(run, record, files: files)
            }
            try folder.save(record)
            say("step \(step.rawValue): done in \(fixed(record.seconds, 1)) s")
            return record
        } catch {
            if let run { await log.fail(run) }
            throw error
        }
    }

    private func perform(
        _ step: RetrainingStep, after records: [StepRecord], _ log: RetrainingLog
    ) async throws -> (record: StepRecord, files: [String: String]) {
        let steps = RetrainingSteps(plan: plan, folder: folder)
        let version = records.first { $0.step == .promote }?.facts["version"] ?? ""
        switch step {
        case .select: return try await selected()
        case .train: return (try await steps.train(), [:])
        case .image: return (try await steps.image(), [:])
        case .check:
            let (record, report) = try steps.check()
            return (record, ["check/report.json": report])
        case .promote: return (try await PromotionStep(steps: steps, server: server).run(log), [:])
        case .push:
            let record = try steps.push(version: version)
            let tags = [ModelTag.image: record.facts["image"] ?? ""]
            try await server.set(tags, on: try await server.version(of: plan.name, numbered: version))
            return (record, [:])
        case .deploy: return try steps.deploy(version: version)
        }
    }

    /// What was chosen before the plan was written.
    private func selected() async throws -> (record: StepRecord, files: [String: String]) {
        var record = StepRecord(step: .select)
        for name in [RetrainingSteps.training, RetrainingSteps.reported, ReportHistory.selection] {
            guard let digest = try await folder.digest(name) else {
                throw ValidationError(
                    "\(folder.file(name)): the file is missing. Start the retraining again with '--restart'.")
            }
            record.files[name] = digest
        }
        record.metrics = plan.reports.mapValues(Double.init)
        return (record, ["retrain/\(ReportHistory.selection)": folder.file(ReportHistory.selection)])
    }

    /// The file with the history that the next retraining needs, or nil if this one says nothing about its reports.
    private func history(_ outcome: RetrainingOutcome) throws -> String? {
        guard let accepted: Bool = [.promoted: true, .refused: false][outcome] else { return nil }
        let (old, new) = (folder.file(ReportHistory.earlier), folder.file(ReportHistory.selection))
        var history = ReportHistory(text: try String(contentsOfFile: old, encoding: .utf8))
        history.add(selection: try String(contentsOfFile: new, encoding: .utf8), isAccepted: accepted)
        let file = folder.file("history.csv")
        try writeFile(history.text, to: file)
        return file
    }

    /// Sends the runs of commands that were stopped, so that the server knows that they are over.
    private func sendStoppedRuns() throws {
        guard FileManager.default.fileExists(atPath: folder.file("mlruns")) else { return }
        _ = try PinsonCommand(arguments: ["track", "sync"], folder: folder.path).run()
    }
}
