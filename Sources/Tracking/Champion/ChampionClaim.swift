import Foundation

/// The right to change the champion of a registered model, which at most one program has that asks for it.
///
/// MLflow cannot change an alias on the condition that nobody else has changed it. But each program can set a tag of its
/// own on the model, and then read all tags. Of two programs, at least the second one to set its tag sees the tag of the
/// other, gives way, and tries again a little later. A tag of a program that was stopped counts for five minutes.
struct ChampionClaim: Sendable {
    /// The time for which a claim counts, in milliseconds, by the clock of the program that has set it.
    private static let lifetime: Int64 = 300_000
    /// The time after which the owner no longer relies on its claim, in milliseconds.
    private static let safeTime: Int64 = 120_000

    private let server: MLflowServer
    private let model: String
    private let tag: String
    private let start: Int64

    /// Takes the right as soon as no other program has it.
    ///
    /// - Parameters:
    ///   - model: The name of the model, which must exist.
    ///   - server: The server.
    ///   - patience: The time for which the right is asked for.
    /// - Returns: The right, or nil if other programs have it all the time.
    /// - Throws: `TrackingError` if the server cannot be reached or refuses.
    static func take(
        on model: String, of server: MLflowServer, patience: Duration = .seconds(20)
    ) async throws -> ChampionClaim? {
        let tag = ModelTag.claim + UUID().uuidString.lowercased()
        let end = ContinuousClock.now + patience
        repeat {
            let claim = ChampionClaim(server: server, model: model, tag: tag, start: milliseconds(Date()))
            if try await claim.isGranted() { return claim }
            await claim.release()
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...700)))
        } while ContinuousClock.now < end
        return nil
    }

    /// Sets the tag, and returns whether no other program has set one before.
    private func isGranted() async throws -> Bool {
        do {
            try await server.setTag(tag, "\(start)", ofModel: model)
            let tags = try await server.registeredModel(model)?.tags ?? [:]
            let others = tags.filter { $0.key.hasPrefix(ModelTag.claim) && $0.key != tag }
            let (counting, old) = Self.divide(others, now: start)
            // A server that does not show what was just written cannot keep two programs apart.
            guard tags[tag] != nil, counting.isEmpty else { return false }
            for key in old { try? await server.setTag(key, nil, ofModel: model) }
            return true
        } catch {
            await release()
            throw error
        }
    }

    /// The claims that count, and those that are too old.
    private static func divide(_ claims: [String: String], now: Int64) -> (counting: [String], old: [String]) {
        let isOld = { (value: String) in now - (Int64(value) ?? 0) > lifetime }
        return (claims.filter { !isOld($0.value) }.map(\.key), claims.filter { isOld($0.value) }.map(\.key))
    }

    /// Whether the owner may still rely on it.
    var isSafe: Bool { milliseconds(Date()) - start < Self.safeTime }

    /// Gives the right back.
    ///
    /// If the server cannot be reached, the claim ends by itself.
    func release() async { try? await server.setTag(tag, nil, ofModel: model) }
}
