import Foundation

/// Sends runs of a folder to a server, each exactly once.
///
/// Each run has a tag with the identifier that it has in the folder. Before anything is sent, the server is asked which
/// runs have that tag, so a run that was sent in part is continued, whatever got lost on the way.
public struct RunUpload: Sendable {
    /// What became of a run.
    public enum Outcome: Equatable, Sendable {
        /// The server has all of it.
        case sent(id: String)
        /// The server had all of it before.
        case known
        /// Another process is recording or sending it.
        case busy
    }

    private let folder: RunFolder
    private let server: MLflowServer

    /// Prepares to send runs.
    ///
    /// - Parameters:
    ///   - folder: The folder with the runs.
    ///   - server: The server.
    public init(from folder: RunFolder, to server: MLflowServer) {
        self.folder = folder
        self.server = server
    }

    /// Sends all runs that Pinson has recorded in the folder.
    ///
    /// A run that no process records any more and that has not ended is sent as killed.
    ///
    /// - Parameter report: Receives each run and what became of it.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func sendAll(_ report: (Run, Outcome) -> Void) async throws {
        for run in folder.runs() {
            guard let lock = FolderLock(folder.folder(of: run)) else {
                report(run, .busy)
                continue
            }
            defer { withExtendedLifetime(lock) {} }
            report(run, try await send(run, isOver: true))
        }
    }

    /// Sends what the server does not have yet of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - isOver: Whether the run has ended, even if it has not said so.
    /// - Returns: What became of the run.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func send(_ run: Run, isOver: Bool) async throws -> Outcome {
        guard let recorded = folder.read(run), let origin = recorded.entries.tags[RunTag.origin] else { return .known }
        let mark = "\(server.address.absoluteString) "
        if recorded.entries.tags[RunTag.sent]?.hasPrefix(mark) == true { return .known }
        guard let name = folder.name(ofExperiment: run.experiment) else { return .known }
        let experiment = try await server.experiment(named: name)
        let target = try await find(origin, recorded, in: experiment)
        try await fill(target, with: recorded)
        let isEnded = recorded.status != .running
        if isOver || isEnded {
            try await server.update(
                target, status: isEnded ? recorded.status : .killed, end: recorded.end ?? milliseconds(Date()))
            try folder.log(RunEntries(tags: [RunTag.sent: mark + target.id]), in: run)
        }
        return .sent(id: target.id)
    }

    /// The run on the server that has the tag, which is created if there is none.
    private func find(_ origin: String, _ recorded: RecordedRun, in experiment: String) async throws -> Run {
        if let found = try await only(origin, in: experiment) { return found }
        var description = recorded.description
        description.experiment = experiment
        if let parent = description.parent {
            // The parent has its own identifier on the server, under which it was sent before.
            description.parent = try await server.runs(in: experiment, tag: RunTag.origin, parent).first?.id
        }
        var tags = recorded.entries.tags
        tags[RunTag.parent] = nil
        do {
            let created = try await server.create(description, RunEntries(tags: tags))
            // An earlier attempt whose answer got lost may have reached the server only now.
            return try await only(origin, in: experiment) ?? created
        } catch let error as TrackingError {
            // The server may have created the run all the same.
            guard case .unreachable = error, let found = try? await only(origin, in: experiment) else { throw error }
            return found
        }
    }

    /// The oldest run with the tag.
    ///
    /// Any other one is deleted, so that there is one.
    private func only(_ origin: String, in experiment: String) async throws -> Run? {
        let found = try await server.runs(in: experiment, tag: RunTag.origin, origin)
        for copy in found.dropFirst() { try await server.delete(copy) }
        return found.first
    }

    private func fill(_ target: Run, with recorded: RecordedRun) async throws {
        var entries = recorded.entries
        for tag in [RunTag.parent, RunTag.sent] { entries.tags[tag] = nil }
        // A server that keeps its runs in files would store a measurement twice.
        let known = try await server.metrics(of: target, keys: Set(entries.metrics.map(\.key)))
        let knownTexts = Set(known.map(\.identity))
        var seen: Set<String> = []
        entries.metrics = entries.metrics.filter {
            !knownTexts.contains($0.identity) && seen.insert($0.identity).inserted
        }
        try await server.log(entries, in: target)
        let artifacts = FolderArtifacts(root: "\(folder.folder(of: recorded.run))/artifacts")
        for file in artifacts.files() {
            try await server.put("\(artifacts.root)/\(file.path)", as: file.path, in: target)
        }
    }
}

extension MetricValue {
    /// The oldest run with the tag.
    ///
    /// same as another one; a value that is not a number is the same as itself.
    fileprivate var identity: String { "\(key)\n\(text)\n\(time)\n\(step)" }
}
