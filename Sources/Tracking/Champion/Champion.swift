import Foundation

/// The version of a registered model that is in use, which the alias `champion` stands for.
///
/// Each change is made under a claim, so two programs that use this type cannot overwrite each other's change. A person
/// on MLflow's page or another client does not ask for the claim. The alias is read right before and right after it is
/// set, so such a change is noticed, unless it falls between the first reading and the setting.
public struct Champion: Sendable {
    /// The alias.
    public static let alias = "champion"

    /// What became of a change.
    public enum Outcome: Equatable, Sendable {
        /// The alias stands for the new version.
        case done
        /// Another program has changed the champion to this version, or has removed the alias.
        case overtaken(by: String?)
        /// Other programs were changing the champion all the time.
        case busy
    }

    private let server: MLflowServer
    private let model: String

    /// Names a champion.
    ///
    /// - Parameters:
    ///   - model: The name of the registered model.
    ///   - server: The server.
    public init(of model: String, on server: MLflowServer) {
        self.server = server
        self.model = model
    }

    /// The champion of now, or nil if there is none.
    ///
    /// - Returns: The version.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func current() async throws -> ModelVersion? { try await server.version(Self.alias, of: model) }

    /// Makes a version the champion, if the champion is still the one that it was compared with.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - expected: The number of the version that it was compared with, or nil if there was no champion.
    /// - Returns: What became of it. The history and the tags of the version are written only if it is the champion.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    public func promote(_ version: ModelVersion, over expected: String?) async throws -> Outcome {
        try await changing { claim in
            let current = try await current()?.version
            guard current == expected else { return .overtaken(by: current) }
            guard claim.isSafe else { return .busy }
            try await server.setAlias(Self.alias, to: version)
            let now = try await self.current()?.version
            guard now == version.version else { return .overtaken(by: now) }
            var history = ChampionHistory(try await server.registeredModel(model)?.tags[ModelTag.champions])
            history.append(version.version, after: current)
            try await server.setTag(ModelTag.champions, history.text, ofModel: model)
            var tags = [ModelTag.promoted: Self.time]
            if let current, current != version.version { tags[ModelTag.previous] = current }
            try await server.set(tags, on: version)
            return .done
        }
    }

    /// Puts the champion before the one of now back in its place.
    ///
    /// Versions that were deleted are left out. Each call goes one step further back.
    ///
    /// - Returns: The version that was champion, if there was one, the version that is champion now, and what became of it.
    /// - Throws: `TrackingError` if there is no model or no earlier champion, or the server cannot be reached or refuses.
    public func rollBack() async throws -> (from: ModelVersion?, to: ModelVersion?, outcome: Outcome) {
        guard try await server.registeredModel(model) != nil else {
            throw TrackingError.invalid(
                what: "registered model '\(model)'", reason: "the server has no model with this name",
                advice: "Check the name and MLFLOW_TRACKING_URI.")
        }
        var (from, to): (ModelVersion?, ModelVersion?)
        let outcome = try await changing { claim in
            from = try await current()
            let tags = try await server.registeredModel(model)?.tags ?? [:]
            var history = ChampionHistory(tags[ModelTag.champions])
            let earlier = try await firstExisting(history.before(from?.version))
            guard claim.isSafe else { return .busy }
            try await server.setAlias(Self.alias, to: earlier)
            let now = try await current()?.version
            guard now == earlier.version else { return .overtaken(by: now) }
            to = earlier
            history.goBack(to: earlier.version, from: from?.version)
            try await server.setTag(ModelTag.champions, history.text, ofModel: model)
            if let from { try await server.set([ModelTag.rolledBack: Self.time], on: from) }
            return .done
        }
        return (from, to, outcome)
    }

    /// Does something while no other program that asks for the claim changes the champion.
    private func changing(_ body: (ChampionClaim) async throws -> Outcome) async throws -> Outcome {
        guard let claim = try await ChampionClaim.take(on: model, of: server) else { return .busy }
        do {
            let outcome = try await body(claim)
            await claim.release()
            return outcome
        } catch {
            await claim.release()
            throw error
        }
    }

    private func firstExisting(_ versions: [String]) async throws -> ModelVersion {
        for number in versions {
            do { return try await server.version(of: model, numbered: number) } catch let error as TrackingError {
                guard error.isMissing else { throw error }
            }
        }
        throw TrackingError.invalid(
            what: "registered model '\(model)'", reason: "no champion before the one of now is recorded",
            advice: "Promote another version with 'pinson promote'.")
    }

    /// The time of now, as ISO 8601 has it.
    private static var time: String { ISO8601DateFormatter().string(from: Date()) }
}
