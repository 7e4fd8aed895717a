public import Foundation

/// Keeps runs in a folder, in the layout that MLflow calls its file store and that `mlflow ui` opens.
///
/// A run appears when it is complete enough to be read, because its folder is made beside the others and then gets its
/// name.
///
/// - Source: What MLflow 3.17.2 writes with `MLFLOW_ALLOW_FILE_STORE=true`.
public struct RunFolder: RunStore {
    /// The absolute path of the folder.
    public let path: String

    /// Names a folder, which is created with its first run.
    ///
    /// - Parameter path: The path of the folder, such as `mlruns`.
    public init(_ path: String) { self.path = URL(fileURLWithPath: path).path }

    /// Returns the identifier of an experiment, which is created if it does not exist.
    ///
    /// - Parameter name: The name of the experiment.
    /// - Returns: The identifier.
    /// - Throws: `TrackingError` if the folder cannot be written.
    public func experiment(named name: String) throws -> String {
        guard !name.isEmpty, name.utf8.count <= 500 else {
            throw TrackingError.invalid(
                what: "experiment '\(name.cut(to: 60))'", reason: "its name has \(name.utf8.count) bytes",
                advice: "Give a name with 1 to 500 bytes.")
        }
        try FolderFile.create(path)
        let lock = FolderLock(waitingFor: path)
        defer { withExtendedLifetime(lock) {} }
        for id in experiments() where FolderFile.meta(in: "\(path)/\(id)")?["name"] == name { return id }
        let id = "\(UInt64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))"
        let now = milliseconds(Date())
        try appear(at: "\(path)/\(id)") { folder in
            try FolderFile.writeMeta(
                [
                    ("artifact_location", .string(Self.url("\(path)/\(id)"))), ("creation_time", .number(now)),
                    ("experiment_id", .string(id)), ("last_update_time", .number(now)),
                    ("lifecycle_stage", .string("active")), ("name", .string(name)),
                ], in: folder)
        }
        return id
    }

    /// Creates a run.
    ///
    /// - Parameters:
    ///   - run: The description of the run.
    ///   - entries: What is known at the start.
    /// - Returns: The run.
    /// - Throws: `TrackingError` if the folder cannot be written.
    public func create(_ run: NewRun, _ entries: RunEntries) throws -> Run {
        let id = UUID().uuidString.lowercased().replacing("-", with: "")
        let folder = "\(path)/\(run.experiment)/\(id)"
        let created = Run(id: id, experiment: run.experiment, artifacts: Self.url("\(folder)/artifacts"))
        var entries = entries
        entries.tags.merge(run.tags) { $1 }
        try appear(at: folder) { folder in
            for name in ["artifacts", "metrics", "params", "tags"] { try FolderFile.create("\(folder)/\(name)") }
            try FolderFile.writeMeta(Self.meta(of: run, created, status: .running, end: nil), in: folder)
            try write(entries, to: folder, of: created)
        }
        return created
    }

    /// Records something about a run.
    ///
    /// - Parameters:
    ///   - entries: What to record. The first value of a parameter is kept.
    ///   - run: The run.
    /// - Throws: `TrackingError` if the folder cannot be written.
    public func log(_ entries: RunEntries, in run: Run) throws { try write(entries, to: folder(of: run), of: run) }

    /// Stores a copy of a file with the artifacts of a run.
    ///
    /// - Parameters:
    ///   - file: The path of the file.
    ///   - path: The path among the artifacts.
    ///   - run: The run.
    /// - Throws: `TrackingError` if the file cannot be read or the copy cannot be written.
    public func put(_ file: String, as path: String, in run: Run) throws {
        try FolderArtifacts(root: "\(folder(of: run))/artifacts").copy(file, to: path)
    }

    /// Changes the status of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - status: The new status.
    ///   - end: The time at which the run ended, in milliseconds since 1970, or nil.
    /// - Throws: `TrackingError` if the folder cannot be written.
    public func update(_ run: Run, status: RunStatus, end: Int64?) throws {
        let folder = folder(of: run)
        let meta = FolderFile.meta(in: folder) ?? [:]
        let old = NewRun(
            name: meta["run_name"] ?? "", experiment: run.experiment,
            start: meta["start_time"].flatMap(Int64.init) ?? 0,
            user: meta["user_id"] ?? "")
        try FolderFile.writeMeta(Self.meta(of: old, run, status: status, end: end), in: folder)
    }

    /// The folder of a run.
    func folder(of run: Run) -> String { "\(path)/\(run.experiment)/\(run.id)" }

    /// The identifiers of the experiments.
    func experiments() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().filter {
            !$0.hasPrefix(".") && $0 != "models"
        }
    }

    /// The address of a file or folder on this machine.
    static func url(_ path: String) -> String { URL(fileURLWithPath: path, isDirectory: false).absoluteString }
}

/// A time in milliseconds since 1970.
///
/// - Parameter date: The time.
/// - Returns: The milliseconds.
public func milliseconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970 * 1000) }
