/// A place that keeps runs: a folder, or an MLflow server.
public protocol RunStore: Sendable {
    /// Returns the identifier of an experiment, which is created if it does not exist.
    ///
    /// - Parameter name: The name of the experiment.
    /// - Returns: The identifier.
    /// - Throws: `TrackingError` if the store cannot be reached or written.
    func experiment(named name: String) async throws -> String

    /// Creates a run.
    ///
    /// - Parameters:
    ///   - run: The description of the run.
    ///   - entries: What is known at the start.
    /// - Returns: The run, with the identifier that the store has given it.
    /// - Throws: `TrackingError` if the store cannot be reached or written.
    func create(_ run: NewRun, _ entries: RunEntries) async throws -> Run

    /// Records something about a run.
    ///
    /// - Parameters:
    ///   - entries: What to record.
    ///   - run: The run.
    /// - Throws: `TrackingError` if the store cannot be reached or written.
    func log(_ entries: RunEntries, in run: Run) async throws

    /// Stores a copy of a file with the artifacts of a run.
    ///
    /// - Parameters:
    ///   - file: The path of the file.
    ///   - path: The path among the artifacts, such as `model/model.gguf`.
    ///   - run: The run.
    /// - Throws: `TrackingError` if the file cannot be read, or the store cannot be reached or written.
    func put(_ file: String, as path: String, in run: Run) async throws

    /// Changes the status of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - status: The new status.
    ///   - end: The time at which the run ended, in milliseconds since 1970, or nil.
    /// - Throws: `TrackingError` if the store cannot be reached or written.
    func update(_ run: Run, status: RunStatus, end: Int64?) async throws
}
