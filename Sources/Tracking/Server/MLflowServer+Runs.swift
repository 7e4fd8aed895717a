public import Foundation
import NIOCore
import NIOHTTP1

extension MLflowServer: RunStore {
    /// Returns the identifier of an experiment, which is created if it does not exist.
    ///
    /// - Parameter name: The name of the experiment.
    /// - Returns: The identifier.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func experiment(named name: String) async throws -> String {
        do {
            return try await existingExperiment(name)
        } catch let error as TrackingError where error.isMissing {
            struct Created: Decodable { var experiment_id: String }
            do {
                return try await call(.POST, "experiments/create", ["name": name], as: Created.self).experiment_id
            } catch let error as TrackingError {
                // Another client, or an attempt whose answer was lost, may have created it a moment ago.
                guard case .refused(_, _, "RESOURCE_ALREADY_EXISTS", _) = error else { throw error }
                return try await existingExperiment(name)
            }
        }
    }

    private func existingExperiment(_ name: String) async throws -> String {
        struct Reply: Decodable {
            struct Experiment: Decodable { var experiment_id: String }
            var experiment: Experiment
        }
        let reply: Reply = try await get("experiments/get-by-name", [("experiment_name", name)])
        return reply.experiment.experiment_id
    }

    /// Creates a run.
    ///
    /// It is not created again if the answer gets lost, so an error may mean that there is a run.
    ///
    /// - Parameters:
    ///   - run: The description of the run.
    ///   - entries: What is known at the start.
    /// - Returns: The run.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func create(_ run: NewRun, _ entries: RunEntries) async throws -> Run {
        struct Request: Encodable {
            var experiment_id: String
            var run_name: String
            var user_id: String
            var start_time: Int64
            var tags: [KeyValue]
        }
        let tags = entries.tags.merging(run.tags) { $1 }
        let request = Request(
            experiment_id: run.experiment, run_name: run.name, user_id: run.user, start_time: run.start,
            tags: KeyValue.list(tags))
        let created = try await call(.POST, "runs/create", request, isRepeatable: false, as: RunReply.self).run.named
        try await log(
            RunEntries(params: entries.params, metrics: entries.metrics, datasets: entries.datasets), in: created)
        return created
    }

    /// Records something about a run, in as many requests as the limits of the server need.
    ///
    /// - Parameters:
    ///   - entries: What to record.
    ///   - run: The run.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func log(_ entries: RunEntries, in run: Run) async throws {
        struct Batch: Encodable {
            var run_id: String
            var metrics: [Metric] = []
            var params: [KeyValue] = []
            var tags: [KeyValue] = []
        }
        // A request may have 1000 metrics, 100 params and 100 tags, and 1 MB.
        for metrics in entries.metrics.parts(of: 1000) {
            let batch = Batch(run_id: run.id, metrics: metrics.map(Metric.init))
            _ = try await call(.POST, "runs/log-batch", batch, isRepeatable: false, as: Nothing.self)
        }
        for params in KeyValue.list(entries.params).parts(of: 100) {
            _ = try await call(.POST, "runs/log-batch", Batch(run_id: run.id, params: params), as: Nothing.self)
        }
        for tags in KeyValue.list(entries.tags).parts(of: 50) {
            _ = try await call(.POST, "runs/log-batch", Batch(run_id: run.id, tags: tags), as: Nothing.self)
        }
        guard !entries.datasets.isEmpty else { return }
        let inputs = DatasetInputs(run_id: run.id, datasets: entries.datasets.map(DatasetInputs.Input.init))
        _ = try await call(.POST, "runs/log-inputs", inputs, as: Nothing.self)
    }

    /// Stores a copy of a file with the artifacts of a run.
    ///
    /// - Parameters:
    ///   - file: The path of the file.
    ///   - path: The path among the artifacts.
    ///   - run: The run.
    /// - Throws: `TrackingError` if the file cannot be read, or the server cannot be reached or refuses.
    public func put(_ file: String, as path: String, in run: Run) async throws {
        try await artifacts(at: run.artifacts).put(file, as: try artifactPath(path))
    }

    /// Reads a small file among the artifacts of a run.
    ///
    /// - Parameters:
    ///   - path: The path among the artifacts.
    ///   - run: The run.
    ///   - limit: The most bytes that the file may have.
    /// - Returns: The bytes, or nil if the run has no such file.
    /// - Throws: `TrackingError` if the file is larger, or the server cannot be reached or refuses.
    public func file(_ path: String, of run: Run, limit: Int) async throws -> Data? {
        var bytes = Data()
        do {
            try await artifacts(at: run.artifacts).get(try artifactPath(path)) { piece in
                bytes += Data(piece.readableBytesView)
                guard bytes.count <= limit else {
                    throw TrackingError.invalid(
                        what: "\(path) of the run \(run.id)", reason: "it has more than \(limit) bytes",
                        advice: "Check that Pinson has written it.")
                }
            }
            return bytes
        } catch let error as TrackingError where error.isMissing {
            return nil
        }
    }

    /// Changes the status of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - status: The new status.
    ///   - end: The time at which the run ended, in milliseconds since 1970, or nil.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func update(_ run: Run, status: RunStatus, end: Int64?) async throws {
        struct Request: Encodable {
            var run_id: String
            var status: String
            var end_time: Int64?
        }
        _ = try await call(
            .POST, "runs/update", Request(run_id: run.id, status: status.name, end_time: end), as: Nothing.self)
    }

    /// The run with an identifier.
    ///
    /// - Parameter id: The identifier.
    /// - Returns: The run.
    /// - Throws: `TrackingError` if the server cannot be reached or does not have the run.
    public func run(_ id: String) async throws -> Run {
        try await get("runs/get", [("run_id", id)], as: RunReply.self).run.named
    }

    /// The runs of an experiment that have a tag with a value, the oldest first.
    ///
    /// - Parameters:
    ///   - experiment: The identifier of the experiment.
    ///   - tag: The name of the tag.
    ///   - value: Its value, without quotes.
    /// - Returns: The first 1000 runs.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func runs(in experiment: String, tag: String, _ value: String) async throws -> [Run] {
        struct Request: Encodable {
            var experiment_ids: [String]
            var filter: String
            var order_by = ["attributes.start_time ASC", "attributes.run_id ASC"]
            var max_results = 1000
        }
        struct Reply: Decodable { var runs: [RunReply.Content]? }
        let request = Request(experiment_ids: [experiment], filter: "tags.`\(tag)` = '\(value)'")
        return try await call(.POST, "runs/search", request, as: Reply.self).runs?.map(\.named) ?? []
    }

    /// The measurements of a run that the server has.
    func metrics(of run: Run, keys: Set<String>) async throws -> Set<MetricValue> {
        struct Reply: Decodable {
            var metrics: [Metric]?
            var next_page_token: String?
        }
        var all: Set<MetricValue> = []
        for key in keys.sorted() {
            var token = ""
            repeat {
                let query = [("run_id", run.id), ("metric_key", key)] + (token.isEmpty ? [] : [("page_token", token)])
                let reply: Reply = try await get("metrics/get-history", query)
                for metric in reply.metrics ?? [] { all.insert(metric.value(key)) }
                token = reply.next_page_token ?? ""
            } while !token.isEmpty
        }
        return all
    }

    /// Deletes a run.
    func delete(_ run: Run) async throws {
        _ = try await call(.POST, "runs/delete", ["run_id": run.id], as: Nothing.self)
    }
}
