/// A run that a store keeps: one training, evaluation or benchmark.
public struct Run: Equatable, Sendable {
    /// The identifier that the store has given the run.
    public var id: String
    /// The identifier of the experiment that the run belongs to.
    public var experiment: String
    /// The address of the folder with the artifacts of the run, such as `mlflow-artifacts:/1/3c82/artifacts`.
    public var artifacts: String

    /// Names a run.
    ///
    /// - Parameters:
    ///   - id: The identifier that the store has given the run.
    ///   - experiment: The identifier of its experiment.
    ///   - artifacts: The address of the folder with its artifacts.
    public init(id: String, experiment: String, artifacts: String) {
        self.id = id
        self.experiment = experiment
        self.artifacts = artifacts
    }
}

/// How far a run is.
public enum RunStatus: Int, Sendable {
    /// The run goes on.
    case running = 1
    /// The run will start later.
    case scheduled = 2
    /// The run has ended as it should.
    case finished = 3
    /// The run has ended with an error.
    case failed = 4
    /// The run was ended from outside.
    case killed = 5

    /// The name that MLflow's REST interface has for the status.
    public var name: String {
        switch self {
        case .running: "RUNNING"
        case .scheduled: "SCHEDULED"
        case .finished: "FINISHED"
        case .failed: "FAILED"
        case .killed: "KILLED"
        }
    }
}

/// A run that is about to be created.
public struct NewRun: Equatable, Sendable {
    /// The name that people read.
    public var name: String
    /// The identifier of the experiment.
    public var experiment: String
    /// The identifier of the run that this run is a part of, or nil.
    public var parent: String?
    /// The time at which the run started, in milliseconds since 1970.
    public var start: Int64
    /// The name of the user.
    public var user: String

    /// Describes a run.
    ///
    /// - Parameters:
    ///   - name: The name that people read.
    ///   - experiment: The identifier of the experiment.
    ///   - parent: The identifier of the run that this run is a part of, or nil.
    ///   - start: The time at which the run started, in milliseconds since 1970.
    ///   - user: The name of the user.
    public init(name: String, experiment: String, parent: String? = nil, start: Int64, user: String) {
        self.name = name
        self.experiment = experiment
        self.parent = parent
        self.start = start
        self.user = user
    }

    /// The tags that MLflow keeps these facts in.
    var tags: [String: String] {
        var tags = [RunTag.name: name, RunTag.user: user]
        tags[RunTag.parent] = parent
        return tags
    }
}

/// The names of tags that have a meaning.
public enum RunTag {
    /// The name of the run.
    public static let name = "mlflow.runName"
    /// The name of the user.
    public static let user = "mlflow.user"
    /// The identifier of the run that a nested run is a part of.
    public static let parent = "mlflow.parentRunId"
    /// The identifier that a run has on the machine that made it, which finds the run again on a server.
    public static let origin = "pinson.run"
    /// The server that a run was sent to, and the identifier that the run has there.
    public static let sent = "pinson.sent"
}
