import ArgumentParser
import Files
import Foundation
import Packaging
import Training

/// The file from which an interrupted training goes on with the same bits.
///
/// It is replaced completely or not at all, so the last good checkpoint stays if the disk is full.
struct TrainingCheckpoint {
    /// What the file holds.
    struct Content {
        var state: FineTuner.State
        /// The most tokens that pass through the model together, which decides about the order of sums.
        var microTokens: Int
        var progress: TrainingProgress
        /// The parameters after the best epoch, or nil if there is none yet.
        var best: [Float]?
    }

    private struct Facts: Codable {
        var training: String
        var microTokens: Int
        var steps: Int
        var progress: TrainingProgress
    }

    private static let key = "pinson.training"

    /// The file.
    let path: String
    /// A digest of everything that decides about the model: data, settings, base and instruction set.
    let training: String

    /// Names the file in a folder, which is created if there is none.
    ///
    /// - Throws: `FileError` if the folder cannot be created.
    init(folder: String, training: String) throws {
        try createFolder(folder)
        path = "\(folder)/training.safetensors"
        self.training = training
    }

    /// Writes a checkpoint, without a copy of the state in memory.
    ///
    /// - Parameters:
    ///   - tuner: The training.
    ///   - progress: How far it has come.
    ///   - best: The parameters after the best epoch, or nil if there is none yet.
    /// - Throws: `FileError` if it cannot be written. Then the last checkpoint stays.
    func save(_ tuner: any EpochTrainer, _ progress: TrainingProgress, best: [Float]?) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let facts = Facts(
            training: training, microTokens: tuner.microTokens, steps: tuner.steps, progress: progress)
        let metadata = [(Self.key, String(decoding: try encoder.encode(facts), as: UTF8.self))]
        try tuner.withState { state throws(FileError) in
            var tensors = state.map { Safetensors.NewTensor($0.name, shape: [$0.values.count], reading: $0.values) }
            if let best { tensors.append(.init("best", shape: [best.count], best[...])) }
            try Safetensors.write(to: path, metadata: metadata, tensors: tensors)
        }
    }

    /// The most tokens that passed through the model together until now, or nil if there is no checkpoint.
    ///
    /// - Throws: `PackagingError` if the file is damaged, and `ValidationError` if it belongs to another training.
    func microTokens() throws -> Int? { try open()?.facts.microTokens }

    /// Reads the checkpoint, or returns nil if there is none.
    ///
    /// - Parameter count: The number of parameters.
    /// - Returns: The content.
    /// - Throws: `PackagingError` if the file is damaged, and `ValidationError` if it belongs to another training.
    func load(count: Int) throws -> Content? {
        guard let (file, facts) = try open() else { return nil }
        let state = FineTuner.State(
            steps: facts.steps, parameters: try file.floats("parameters", shape: [count]),
            first: try file.floats("first", shape: [count]), second: try file.floats("second", shape: [count]))
        let best = file.contains("best") ? try file.floats("best", shape: [count]) : nil
        return Content(state: state, microTokens: facts.microTokens, progress: facts.progress, best: best)
    }

    private func open() throws -> (file: Safetensors, facts: Facts)? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try Safetensors(path: path)
        let decoded = file.metadata[Self.key].flatMap { try? JSONDecoder().decode(Facts.self, from: Data($0.utf8)) }
        guard let facts = decoded, facts.training == training else {
            throw ValidationError(
                "\(path) belongs to another training: the data, the options, the base or the instruction set are others. "
                    + "Give the same ones again, or another '--checkpoint-dir <folder>', or delete the file.")
        }
        return (file, facts)
    }

    /// Deletes the file, once the model is written.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
