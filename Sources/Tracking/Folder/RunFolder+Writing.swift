import Crypto
import Files
import Foundation
import Glibc

extension RunFolder {
    /// Takes a run for this process, so that no other one sends it while it goes on.
    ///
    /// - Parameter run: The run.
    /// - Returns: The lock, which holds the run as long as it exists; nil if another process has the run.
    public func lock(_ run: Run) -> FolderLock? { FolderLock(folder(of: run)) }

    /// Fills a new folder with `body` beside the others, and then gives it its name.
    func appear(at destination: String, _ body: (String) throws -> Void) throws {
        // MLflow looks at every folder among the runs, so this one is beside all of them.
        let temporary = "\(path).\(UUID().uuidString).partial"
        try FolderFile.create(temporary)
        do {
            try body(temporary)
            guard rename(temporary, destination) == 0 else {
                throw TrackingError.file(path: destination, action: "create", reason: String(cString: strerror(errno)))
            }
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
    }

    /// The lines of the `meta.yaml` of a run.
    static func meta(
        of run: NewRun, _ created: Run, status: RunStatus, end: Int64?
    ) -> [(key: String, value: MetaValue)] {
        [
            ("artifact_uri", .string(created.artifacts)), ("end_time", end.map { .number($0) } ?? .null),
            ("entry_point_name", .string("")), ("experiment_id", .string(run.experiment)),
            ("lifecycle_stage", .string("active")), ("run_id", .string(created.id)), ("run_name", .string(run.name)),
            ("run_uuid", .string(created.id)), ("source_name", .string("")), ("source_type", .number(4)),
            ("source_version", .string("")), ("start_time", .number(run.start)),
            ("status", .number(Int64(status.rawValue))), ("tags", .source("[]")), ("user_id", .string(run.user)),
        ]
    }

    /// Writes entries to the folder of a run.
    func write(_ entries: RunEntries, to folder: String, of run: Run) throws {
        for (key, value) in entries.params where !FileManager.default.fileExists(atPath: "\(folder)/params/\(key)") {
            try FolderFile.write(value, to: "\(folder)/params/\(key)")
        }
        for (key, value) in entries.tags { try FolderFile.write(value, to: "\(folder)/tags/\(key)") }
        for metric in entries.metrics {
            try FolderFile.append(
                "\(metric.time) \(metric.text) \(metric.step)\n", to: "\(folder)/metrics/\(metric.key)")
        }
        for dataset in entries.datasets { try write(dataset, to: folder, of: run) }
    }

    /// Writes data that a run has read: the data belongs to the experiment, and the run names it.
    private func write(_ dataset: DatasetInput, to folder: String, of run: Run) throws {
        let id = Self.identifier(dataset.name + "\n" + dataset.digest)
        try FolderFile.writeMeta(
            [
                ("digest", .string(dataset.digest)), ("name", .string(dataset.name)),
                ("profile", .string(dataset.profile)), ("schema", .null),
                ("source", .string(dataset.sourceDocument)), ("source_type", .string("local")),
            ], in: "\(path)/\(run.experiment)/datasets/\(id)")
        let tags = "{\(quoted("mlflow.data.context")): \(quoted(dataset.context))}"
        try FolderFile.writeMeta(
            [
                ("destination_id", .string(run.id)), ("destination_type", .string("RUN")), ("source_id", .string(id)),
                ("source_type", .string("DATASET")), ("tags", .source(tags)),
            ], in: "\(folder)/inputs/\(Self.identifier(id + run.id + dataset.context))")
    }

    /// Thirty-two hexadecimal digits that stand for a text.
    private static func identifier(_ text: String) -> String {
        String(hexadecimal(SHA256.hash(data: Data(text.utf8))).prefix(32))
    }
}

extension MetricValue {
    /// The value as Python writes and reads it.
    var text: String { value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : "\(value)" }
}

extension DatasetInput {
    /// Where the data came from, as MLflow writes it for a file of this machine.
    var sourceDocument: String { "{\"uri\": \(quoted(source))}" }
}

extension FolderFile {
    /// Creates a folder and the folders above it.
    static func create(_ path: String) throws(TrackingError) {
        do { try createFolder(path) } catch {
            throw .file(path: path, action: "create", reason: String(cString: strerror(error.errno)))
        }
    }
}
