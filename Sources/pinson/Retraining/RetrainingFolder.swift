import ArgumentParser
import Foundation
import Tracking

/// The folder in which a retraining keeps its plan, what it has done, and the files that it makes.
///
/// The plan is written last when a retraining starts, so a folder without a plan is no retraining.
struct RetrainingFolder {
    /// The path of the folder, from the root.
    let path: String

    private static let plan = "plan.json"
    private static let steps = "steps.json"

    /// The path of a file in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes the plan.
    func save(_ plan: RetrainingPlan) throws { try save(plan, Self.plan) }

    /// Adds what a step has done, in place of an earlier record of the same step.
    func save(_ record: StepRecord) throws {
        try save(records().filter { $0.step != record.step } + [record], Self.steps)
    }

    /// What the steps have done, of which the files may have changed since.
    func records() throws -> [StepRecord] { try load([StepRecord].self, Self.steps) ?? [] }

    /// The record of a step, if it is over and its files are as it has left them.
    func record(_ step: RetrainingStep) async throws -> StepRecord? {
        guard let record = try records().first(where: { $0.step == step }) else { return nil }
        for (name, digest) in record.files where try await self.digest(name) != digest { return nil }
        return record
    }

    /// The SHA-256 of a file, or nil if it cannot be read.
    func digest(_ name: String) async throws -> String? { try? await fileDigest(file(name)) }

    private func save(_ value: some Encodable, _ name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try writeFile(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n", to: file(name))
    }

    private func load<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        guard let data = FileManager.default.contents(atPath: file(name)) else { return nil }
        do { return try JSONDecoder().decode(type, from: data) } catch {
            throw ValidationError(
                "\(file(name)): it is not what this version of pinson writes. "
                    + "Start the retraining again with '--restart'.")
        }
    }
}

extension RetrainingFolder {
    /// The retraining of a model that has begun and is not over, if there is one.
    ///
    /// - Parameter parent: The folder of the model.
    /// - Returns: Its folder and its plan.
    /// - Throws: `ValidationError` if a plan cannot be read.
    static func unfinished(in parent: String) throws -> (folder: RetrainingFolder, plan: RetrainingPlan)? {
        for folder in folders(in: parent) {
            if let plan = try folder.load(RetrainingPlan.self, plan), plan.outcome == nil { return (folder, plan) }
        }
        return nil
    }

    /// Makes the folder of a new retraining.
    static func create(in parent: String) throws -> RetrainingFolder {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withYear, .withMonth, .withDay, .withTime, .withTimeZone]
        let folder = RetrainingFolder(path: "\(parent)/\(format.string(from: Date()))-\(UUID().uuidString.prefix(4))")
        try make(folder.path)
        return folder
    }

    /// Makes a folder, and those above it.
    static func make(_ path: String) throws {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw TrackingError.file(path: path, action: "create", reason: "the folder above it may not be writable")
        }
    }

    /// Removes all retrainings of a model but one.
    static func remove(in parent: String, except kept: RetrainingFolder?) {
        for folder in folders(in: parent) where folder.path != kept?.path {
            try? FileManager.default.removeItem(atPath: folder.path)
        }
    }

    private static func folders(in parent: String) -> [RetrainingFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.sorted().map { RetrainingFolder(path: "\(parent)/\($0)") }
    }
}
