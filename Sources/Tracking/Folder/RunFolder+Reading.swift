import Foundation
import Glibc
import JSON
import Yams

/// A run in a folder, with everything that is recorded about it.
struct RecordedRun: Sendable {
    var run: Run
    var description: NewRun
    var entries: RunEntries
    var status: RunStatus
    var end: Int64?
}

extension RunFolder {
    /// The runs that Pinson has recorded, the oldest first, so that a run comes before those that are a part of it.
    func runs() -> [Run] {
        let all = experiments().flatMap { experiment -> [(start: Int64, isNested: Bool, run: Run)] in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(experiment)")) ?? []
            return names.compactMap { name in
                let folder = "\(path)/\(experiment)/\(name)"
                guard FolderFile.text("\(folder)/tags/\(RunTag.origin)") != nil,
                    let meta = FolderFile.meta(in: folder)
                else { return nil }
                let run = Run(id: name, experiment: experiment, artifacts: meta["artifact_uri"] ?? "")
                let isNested = FolderFile.text("\(folder)/tags/\(RunTag.parent)") != nil
                return (meta["start_time"].flatMap(Int64.init) ?? 0, isNested, run)
            }
        }
        return all.sorted { ($0.isNested ? 1 : 0, $0.start, $0.run.id) < ($1.isNested ? 1 : 0, $1.start, $1.run.id) }
            .map(\.run)
    }

    /// Reads everything that is recorded about a run, or returns nil if it is no longer there.
    func read(_ run: Run) -> RecordedRun? {
        let folder = folder(of: run)
        guard let meta = FolderFile.meta(in: folder) else { return nil }
        let tags = FolderFile.entries(in: "\(folder)/tags")
        let metrics = FolderFile.entries(in: "\(folder)/metrics").sorted { $0.key < $1.key }.flatMap(Self.values)
        let entries = RunEntries(
            params: FolderFile.entries(in: "\(folder)/params"), metrics: metrics, tags: tags,
            datasets: datasets(of: run))
        return RecordedRun(
            run: run,
            description: NewRun(
                name: meta["run_name"] ?? "", experiment: run.experiment, parent: tags[RunTag.parent],
                start: meta["start_time"].flatMap(Int64.init) ?? 0, user: meta["user_id"] ?? ""),
            entries: entries, status: meta["status"].flatMap(Int.init).flatMap(RunStatus.init) ?? .killed,
            end: meta["end_time"].flatMap(Int64.init))
    }

    /// The name of an experiment, or nil if it is not there.
    func name(ofExperiment id: String) -> String? { FolderFile.meta(in: "\(path)/\(id)")?["name"] }

    /// Removes a run, and its experiment if nothing else is in it.
    ///
    /// - Parameter run: The run.
    public func remove(_ run: Run) {
        let lock = FolderLock(waitingFor: path)
        defer { withExtendedLifetime(lock) {} }
        let experiment = "\(path)/\(run.experiment)"
        let temporary = "\(path).\(UUID().uuidString).partial"
        guard rename(folder(of: run), temporary) == 0 else { return }
        try? FileManager.default.removeItem(atPath: temporary)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: experiment)) ?? []
        guard left.allSatisfy({ ["meta.yaml", "datasets"].contains($0) }) else { return }
        try? FileManager.default.removeItem(atPath: experiment)
        rmdir(path)  // which fails if there are other experiments
    }

    /// The measurements in the file of a metric.
    ///
    /// A last line that was cut off is left out.
    private static func values(_ key: String, _ text: String) -> [MetricValue] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count >= 2, let time = Int64(parts[0]), let value = Double(parts[1]) else { return nil }
            return MetricValue(key, value, time: time, step: parts.count > 2 ? Int64(parts[2]) ?? 0 : 0)
        }
    }

    /// The measurements in the file of a metric.
    ///
    private func datasets(of run: Run) -> [DatasetInput] {
        let inputs = "\(folder(of: run))/inputs"
        return ((try? FileManager.default.contentsOfDirectory(atPath: inputs)) ?? []).sorted().compactMap { name in
            guard let source = FolderFile.meta(in: "\(inputs)/\(name)")?["source_id"],
                let meta = FolderFile.meta(in: "\(path)/\(run.experiment)/datasets/\(source)")
            else { return nil }
            let document = (meta["source"]).flatMap { try? JSON(parsing: $0.utf8) }
            guard case .string(let uri)? = document?["uri"] else { return nil }
            return DatasetInput(
                name: meta["name"] ?? "", digest: meta["digest"] ?? "", source: uri, profile: meta["profile"] ?? "{}",
                context: FolderFile.context(of: "\(inputs)/\(name)"))
        }
    }
}

extension FolderFile {
    /// What a run used its data for, from the tags of an input.
    fileprivate static func context(of input: String) -> String {
        guard let text = text("\(input)/meta.yaml"), let node = try? Yams.compose(yaml: text) else { return "" }
        return node["tags"]?["mlflow.data.context"]?.string ?? ""
    }
}
