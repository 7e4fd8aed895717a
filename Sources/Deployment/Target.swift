public import Foundation

/// A place where an image can be deployed or kept, and what it allows.
public struct Target: Codable, Sendable {
    public var name: String
    public var title: String
    /// What can be ordered there, the smallest first.
    public var sizes: [Size]?
    public var limits: [Limit]

    public struct Size: Codable, Sendable {
        /// Bytes.
        public var memory: Int64
        /// In the platform's own words.
        public var cpu: String

        public init(memory: Int64, cpu: String) {
            self.memory = memory
            self.cpu = cpu
        }
    }
}

/// One thing a target allows, and where that is known from.
public struct Limit: Codable, Sendable {
    /// What it is about.
    public var of: Measure
    /// Bytes or seconds.
    public var max: Double?
    public var allowed: [String]?
    public var forbidden: [String]?
    public var enforced: Enforcement
    /// A for the platform's own text, B for a dated quotation of it, C for what is old or second hand.
    public var confidence: String
    public var asOf: String
    public var source: String
    public var note: String

    public enum Enforcement: String, Codable, Sendable {
        /// The platform refuses what is beyond it.
        case hard
        /// It costs money, or is not known well enough to fail anybody's build.
        case advice
    }
}

extension Limit: CustomStringConvertible {
    /// What it allows, exact.
    public var description: String {
        if let max { return "at most \(Quantity.exact(max, of))" }
        if let allowed { return "allowed: \(allowed.joined(separator: ", "))" }
        return "forbidden: \((forbidden ?? []).joined(separator: ", "))"
    }
}

/// What is measured of an image.
public enum Measure: String, Codable, Sendable, CaseIterable {
    /// Bytes of all layers as stored, and the configuration.
    case compressed
    /// Bytes of the root file system.
    case unpacked
    /// Bytes of memory, at the peak.
    case resident
    /// Bytes of the heaviest layer as stored.
    case largestLayer = "largest-layer"
    /// Seconds from start to first answer.
    case startUp = "start-up"
    /// Bytes of the model file.
    case fileInGit = "file-in-git"
    case platform
    /// `image` or `index`.
    case manifest
    case compression
    /// `root` or a number.
    case user
    /// The last letter of a path that the platform probes.
    case probePath = "probe-path"
    /// The least that the program asks of a processor.
    case instructionSet = "instruction-set"

    var isBytes: Bool {
        switch self {
        case .compressed, .unpacked, .resident, .largestLayer, .fileInGit: true
        default: false
        }
    }
}

/// The targets that are known.
public struct Targets: Sendable {
    /// In the order of the file.
    public private(set) var all: [Target]

    private struct File: Codable {
        var schema: Int
        var targets: [Target]
    }

    /// - Parameter name: the file's, for errors.
    public init(json: Data, named name: String) throws {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: json)
        } catch {
            throw DeploymentError(
                what: name, reason: "it does not read as a list of targets: \(Self.reason(error))",
                advice: "`pinson targets --json` shows the form.")
        }
        guard file.schema == 1 else {
            throw DeploymentError(
                what: name, reason: "its schema is \(file.schema), known is 1", advice: "Get a newer pinson.")
        }
        for target in file.targets {
            for limit in target.limits {
                guard [limit.max != nil, limit.allowed != nil, limit.forbidden != nil].count(where: { $0 }) == 1 else {
                    throw DeploymentError(
                        what: "\(name): target '\(target.name)'",
                        reason: "a limit of '\(limit.of.rawValue)' needs exactly one of max, allowed and forbidden",
                        advice: "Mend it.")
                }
                guard limit.max.map({ $0.isFinite && $0 > 0 && $0 < 0x1p60 }) ?? true else {
                    throw DeploymentError(
                        what: "\(name): target '\(target.name)'",
                        reason: "\(limit.max ?? 0) is no limit of '\(limit.of.rawValue)'",
                        advice: "Give a number of bytes or seconds above zero.")
                }
                guard limit.enforced == .advice || ["A", "B"].contains(limit.confidence) else {
                    throw DeploymentError(
                        what: "\(name): target '\(target.name)'",
                        reason: "a limit of '\(limit.of.rawValue)' is hard with confidence \(limit.confidence)",
                        advice: "Only A and B may fail a build; make it advice.")
                }
            }
        }
        all = file.targets
    }

    /// In the form that is read.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(File(schema: 1, targets: all)), as: UTF8.self)
    }

    /// With those of `other`, which replace those of the same name.
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

    public func find(_ name: String) throws(DeploymentError) -> Target {
        if let target = all.first(where: { $0.name == name }) { return target }
        throw DeploymentError(
            what: "'\(name)'", reason: "no such target",
            advice: "Choose from \(all.map(\.name).joined(separator: ", ")), or bring your own with --limits FILE.")
    }

    static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        let context: DecodingError.Context? =
            switch error {
            case .keyNotFound(_, let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        let path = (context?.codingPath ?? []).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(
            separator: ".")
        return "\(path.isEmpty ? "" : "'\(path)': ")\(context?.debugDescription ?? "\(error)")"
    }
}

/// What cannot be checked or rendered, and what to do about it.
public struct DeploymentError: Error, Equatable, CustomStringConvertible {
    public var what: String
    public var reason: String
    public var advice: String

    public var description: String { "\(what): \(reason). \(advice)" }
}
