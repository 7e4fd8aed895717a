import Fixtures
import Foundation
import Testing

@testable import Tracking

/// Runs in a folder, in the layout of MLflow.
@Suite struct RunFolderTests {
    /// A run with every kind of entry, and a run that is a part of it.
    static func record(in folder: RunFolder, seed: UInt64 = 7) throws -> (run: Run, nested: Run) {
        var random = Seeded(seed)
        let experiment = try folder.experiment(named: "tweets: é & co #1")
        let run = try folder.create(
            NewRun(name: "train \"logistic\"", experiment: experiment, start: 1_795_537_042_580, user: "ada"),
            RunEntries(params: ["C": "1.5", "features/word": "1-2"], tags: ["note": "line 1\nline 2"]))
        try folder.log(
            RunEntries(
                metrics: (0..<5).map {
                    MetricValue(
                        "accuracy", Double.random(in: 0..<1, using: &random), time: 1_795_537_042_590 + $0, step: $0)
                } + [MetricValue("loss", .nan, time: 1, step: -1)],
                datasets: [
                    DatasetInput(
                        name: "tweets.csv", digest: "sha256:0123456789abcdef", source: "tweets.csv",
                        profile: #"{"texts": 60}"#, context: "training")
                ]), in: run)
        let nested = try folder.create(
            NewRun(name: "C=2", experiment: experiment, parent: run.id, start: 1_795_537_042_600, user: "ada"),
            RunEntries(params: ["C": "2"]))
        try folder.update(nested, status: .failed, end: 1_795_537_042_700)
        return (run, nested)
    }

    private func text(_ folder: RunFolder, _ run: Run, _ path: String) throws -> String {
        try String(contentsOfFile: "\(folder.folder(of: run))/\(path)", encoding: .utf8)
    }

    @Test func eachEntryIsAFileAsMLflowHasIt() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, nested) = try Self.record(in: folder)
            #expect(try text(folder, run, "params/C") == "1.5")
            #expect(try text(folder, run, "params/features/word") == "1-2")
            #expect(try text(folder, run, "tags/note") == "line 1\nline 2")
            #expect(try text(folder, run, "tags/mlflow.runName") == "train \"logistic\"")
            let lines = try text(folder, run, "metrics/accuracy").split(separator: "\n")
            #expect(lines.count == 5 && lines[4].hasPrefix("1795537042594 0.") && lines[4].hasSuffix(" 4"))
            #expect(try text(folder, run, "metrics/loss") == "1 nan -1\n")
            #expect(try text(folder, nested, "tags/mlflow.parentRunId") == run.id)
            let meta = try text(folder, nested, "meta.yaml")
            #expect(meta.contains("status: 4\n") && meta.contains("end_time: 1795537042700\n"), "\(meta)")
            #expect(
                meta.contains("artifact_uri: \"file://\(folder.path)/\(nested.experiment)/\(nested.id)/artifacts\""))
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["mlruns"])
        }
    }

    @Test func anExperimentIsFoundByItsName() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let names = ["a", "b: c", "yes", "12", "a'b\"c", "naïve\u{301} 🐦", "- x"]
            let ids = try names.map { try folder.experiment(named: $0) }
            #expect(Set(ids).count == names.count)
            #expect(try names.map { try folder.experiment(named: $0) } == ids)
            #expect(ids.map { folder.name(ofExperiment: $0) } == names)
            #expect(throws: TrackingError.self) { try folder.experiment(named: "") }
        }
    }

    /// What is written can be read again, which is how runs are sent to a server later.
    @Test func aRunIsReadAsItWasWritten() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, nested) = try Self.record(in: folder)
            let read = try #require(folder.read(run))
            #expect(read.description.name == "train \"logistic\"" && read.description.start == 1_795_537_042_580)
            #expect(read.status == .running && read.end == nil)
            #expect(read.entries.params == ["C": "1.5", "features/word": "1-2"])
            #expect(read.entries.metrics.count == 6)
            #expect(read.entries.datasets.map(\.context) == ["training"])
            #expect(read.entries.datasets[0].profile == #"{"texts": 60}"#)
            let other = try #require(folder.read(nested))
            #expect(other.status == .failed && other.end == 1_795_537_042_700 && other.description.parent == run.id)
        }
    }

    @Test func theFirstValueOfAParameterStays() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, _) = try Self.record(in: folder)
            try folder.log(RunEntries(params: ["C": "9"], tags: ["note": "new"]), in: run)
            #expect(try text(folder, run, "params/C") == "1.5" && text(folder, run, "tags/note") == "new")
        }
    }

    @Test(arguments: [
        ("../../x", "__/__/x"), ("/a//b/", "a/b"), ("f1/né gatif", "f1/né gatif"), ("a\nb*", "a_b_"), ("", "_"),
        (".", "_"),
        ("😀", "_"),
    ])
    func aNameIsSafeAsAPath(name: String, expected: String) {
        #expect(entryName(name) == expected)
        #expect(RunEntries(params: [name: ""]).params.keys.first == expected)
    }

    @Test func aMeasurementThatWasCutOffIsLeftOut() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, _) = try Self.record(in: folder)
            try FolderFile.append("1795537042599 0.1", to: "\(folder.folder(of: run))/metrics/accuracy")
            #expect(folder.read(run)?.entries.metrics.count == 6)
        }
    }

    @Test func artifactsAreCopiedAndStayInTheirFolder() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, _) = try Self.record(in: folder)
            let file = place.appendingPathComponent("file").path
            let bytes = Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try bytes.write(to: URL(fileURLWithPath: file))
            try folder.put(file, as: "model/a.bin", in: run)
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: "\(folder.folder(of: run))/artifacts/model/a.bin")) == bytes)
            for path in ["../x", "/x", "a/../../x", "", "a//b", "a\nb"] {
                #expect(throws: TrackingError.self) { try folder.put(file, as: path, in: run) }
            }
            #expect(throws: TrackingError.self) { try folder.put("\(file)-missing", as: "x", in: run) }
        }
    }

    @Test func aRunThatIsRemovedLeavesNothing() throws {
        try Workplace.withFolder { place in
            let folder = RunFolder(place.appendingPathComponent("mlruns").path)
            let (run, nested) = try Self.record(in: folder)
            folder.remove(nested)
            #expect(folder.read(nested) == nil && folder.read(run) != nil)
            folder.remove(run)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
        }
    }
}
