public import Foundation

/// A list of targets with unique names, read from a limits file.
public struct Targets: Sendable {
    /// All targets, in the order of the file.
    public private(set) var all: [Target]

    /// The JSON form of a limits file.
    private struct File: Codable {
        var schema: Int
        var targets: [Target]
    }

    /// Reads a limits file.
    ///
    /// - Parameters:
    ///   - json: The contents of the file.
    ///   - name: The name of the file, for errors.
    /// - Throws: `DeploymentError` if the JSON is not a valid list of targets, has an unknown schema, or contains a limit
    ///   that contradicts itself.
    public init(json: Data, named name: String) throws {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: json)
        } catch {
            throw DeploymentError(
                what: name, reason: "the file is not a valid list of targets: \(DecodingReason.describe(error))",
                advice: "Run `pinson targets --json` to see the expected form.")
        }
        guard file.schema == 1 else {
            throw DeploymentError(
                what: name, reason: "the schema is \(file.schema), but this version of pinson reads only schema 1",
                advice: "Install a newer version of pinson.")
        }
        for target in file.targets {
            for limit in target.limits { try limit.validate(in: "\(name): target '\(target.name)'") }
        }
        all = file.targets
    }

    /// Returns the targets in the form that `init(json:named:)` reads.
    ///
    /// - Returns: The JSON text.
    /// - Throws: `EncodingError` if a number is not finite, which the reader does not allow.
    public func json() throws -> String { try JSONText.encode(File(schema: 1, targets: all)) }

    /// Returns these targets plus those of `other`, which replace targets of the same name.
    public func overridden(by other: Targets) -> Targets {
        var result = self
        for target in other.all {
            if let index = result.all.firstIndex(where: { $0.name == target.name }) {
                result.all[index] = target
            } else {
                result.all.append(target)
            }
        }
        return result
    }

    /// Returns the target with the given name.
    ///
    /// - Parameter name: The name of the target.
    /// - Returns: The target.
    /// - Throws: `DeploymentError` that lists the known names if there is no such target.
    public func find(_ name: String) throws(DeploymentError) -> Target {
        if let target = all.first(where: { $0.name == name }) { return target }
        throw DeploymentError(
            what: "'\(name)'", reason: "no such target",
            advice: "Choose from \(all.map(\.name).joined(separator: ", ")), or add your own with --limits FILE.")
    }
}
