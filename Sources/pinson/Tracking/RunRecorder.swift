import Foundation
import Tracking

/// Records what a command does as a run of an experiment.
///
/// The run is always kept in the folder `mlruns` first. If there is a server, the run is sent there at the start and at
/// the end, and then removed from the folder. If the server fails, the run stays in the folder, and nothing is lost.
final class RunRecorder {
    private static let path = "mlruns"

    private let folder = RunFolder(RunRecorder.path)
    private var server: MLflowServer?
    private let run: Run
    private var nested: [Run] = []
    private var locks: [FolderLock?] = []
    private var hasFailed = false
    private var sent: String?

    /// The identifier of the run on the server, or nil if the server does not have all of it.
    var sentRun: String? { hasFailed ? nil : sent }

    /// Starts a run.
    ///
    /// - Throws: `TrackingError` if the folder cannot be written, or the address of the server is not valid.
    init(experiment: String, name: String) throws {
        let environment = ProcessInfo.processInfo.environment
        server = try MLflowServer.named(by: environment, patience: .short)
        let id = try folder.experiment(named: experiment)
        run = try folder.create(Self.new(name, id), RunEntries(tags: RunFacts.tags))
        locks = [folder.lock(run)]
        try folder.log(RunEntries(tags: [RunTag.origin: run.id]), in: run)
        send()
    }

    private static func new(_ name: String, _ experiment: String, parent: String? = nil, ago: Double = 0) -> NewRun {
        NewRun(
            name: name, experiment: experiment, parent: parent,
            start: milliseconds(Date(timeIntervalSinceNow: -ago)), user: NSUserName())
    }

    /// Records settings, measurements, facts and data.
    func log(
        params: [String: String] = [:], metrics: [String: Double] = [:], tags: [String: String] = [:],
        datasets: [DatasetInput] = []
    ) {
        let now = milliseconds(Date())
        let entries = RunEntries(
            params: params, metrics: metrics.map { MetricValue($0.key, $0.value, time: now) }, tags: tags,
            datasets: datasets)
        attempt { try folder.log(entries, in: run) }
    }

    /// Records measurements of a step of a training, which form a curve.
    func log(metrics: [String: Double], step: Int) {
        let now = milliseconds(Date())
        let values = metrics.map { MetricValue($0.key, $0.value, time: now, step: Int64(step)) }
        attempt { try folder.log(RunEntries(metrics: values), in: run) }
    }

    /// Stores a copy of a file with the run.
    func put(file: String, as path: String) { attempt { try folder.put(file, as: path, in: run) } }

    /// Stores a text as a file with the run.
    func put(text: String, as path: String) {
        attempt {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            try writeFile(text, to: file)
            try folder.put(file, as: path, in: run)
        }
    }

    /// Records a run that is a part of this one and has ended, such as a candidate of a search.
    func addNested(_ name: String, params: [String: String], metrics: [[String: Double]], seconds: Double) {
        attempt {
            let now = milliseconds(Date())
            let part = try folder.create(
                Self.new(name, run.experiment, parent: run.id, ago: seconds),
                RunEntries(params: params, tags: RunFacts.source))
            nested.append(part)
            locks.append(folder.lock(part))
            let values = metrics.enumerated().flatMap { step, values in
                values.map { MetricValue($0.key, $0.value, time: now, step: Int64(step)) }
            }
            try folder.log(RunEntries(metrics: values, tags: [RunTag.origin: part.id]), in: part)
            try folder.update(part, status: .finished, end: now)
        }
    }

    /// Ends the run, and sends it to the server if there is one.
    func finish(_ status: RunStatus) {
        log(metrics: RunFacts.usage())
        attempt { try folder.update(run, status: status, end: milliseconds(Date())) }
        send()
        locks = []
        guard server != nil, !hasFailed else {
            if !hasFailed { say("recorded the run \(run.id) in the folder \(Self.path)") }
            return
        }
        for sent in nested.reversed() + [run] { folder.remove(sent) }
    }

    /// Sends what the server does not have yet, unless it has failed before.
    private func send() {
        guard let server, !hasFailed else { return }
        do {
            let upload = RunUpload(from: folder, to: server)
            let runs = [run] + nested
            let outcome = try waiting {
                var first: RunUpload.Outcome?
                for run in runs {
                    let outcome = try await upload.send(run, isOver: false)
                    first = first ?? outcome
                }
                return first
            }
            guard case .sent(let id)? = outcome else { return }
            if sent == nil { say("recording the run \(id) on \(server.address.absoluteString)") }
            sent = id
        } catch {
            hasFailed = true
            say(
                """
                warning: \(error)
                The run is kept in the folder \(Self.path). Send it later with 'pinson track sync'.
                """)
        }
    }

    /// Does something that must not end the command; a failure is said once.
    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch {
            if !hasFailed { say("warning: \(error)\nThe record of this run is not complete.") }
            hasFailed = true
        }
    }
}
