import Fixtures
import Foundation
import Testing

@testable import Tracking

/// Registered models on a real server, read back by the Python client.
@Suite(.enabled(if: Python.has("mlflow"), "needs the Python package mlflow"))
struct RegistryTests {
    private let server: MLflowServer
    private let address: String
    /// A name that no other test gives to a model.
    private let name = "air é & 'co' \(UUID().uuidString)"

    init() throws {
        let process = try MLflowProcess.shared()
        server = try process.mlflow()
        address = "http://127.0.0.1:\(process.port)"
    }

    /// A model with versions, each of a run of its own.
    private func versions(_ count: Int) async throws -> [ModelVersion] {
        try await server.createModel(named: name)
        let experiment = try await server.experiment(named: "registry")
        var versions: [ModelVersion] = []
        for _ in 0..<count {
            let run = try await server.create(
                NewRun(name: "train", experiment: experiment, start: 1, user: "ada"), RunEntries())
            versions.append(
                try await server.create(
                    NewModelVersion(name: name, source: "\(run.artifacts)/model", run: run.id)))
        }
        return versions
    }

    @Test func thePythonClientReadsWhatIsRegistered() async throws {
        let version = try await versions(1)[0]
        try await server.createModel(named: name)  // which exists
        try await server.set(["pinson.model": "sha256:ab", "empty": ""], on: version)
        try await server.setAlias("champion", to: version)
        try await server.setTag("team", "red", ofModel: name)
        try await server.setTag("old", "1", ofModel: name)
        try await server.setTag("old", nil, ofModel: name)
        let script = """
            import sys
            from mlflow import MlflowClient
            client = MlflowClient(sys.argv[1])
            version = client.get_model_version_by_alias(sys.argv[2], "champion")
            model = client.get_registered_model(sys.argv[2])
            print(version.version, version.run_id == sys.argv[3], version.source == sys.argv[4])
            print(sorted(version.tags.items()), version.aliases, model.aliases, model.tags)
            """
        #expect(
            try Python.run(script, address, name, version.run ?? "", version.source) == """
                1 True True
                [('empty', ''), ('pinson.model', 'sha256:ab')] ['champion'] {'champion': '1'} {'team': 'red'}

                """)
        let found = try await server.version("champion", of: name)
        #expect(found?.tags == ["pinson.model": "sha256:ab", "empty": ""] && found?.aliases == ["champion"])
        let model = try await server.registeredModel(name)
        #expect(model == RegisteredModel(name: name, tags: ["team": "red"], aliases: ["champion": "1"]))
        #expect(try await server.registeredModel("nobody") == nil)
    }

    @Test func aVersionOfTheSameRunIsCreatedOnce() async throws {
        let first = try await versions(1)[0]
        try await server.createModel(named: "sea \(name)")
        func again(_ name: String, _ source: String) async throws -> ModelVersion {
            try await server.create(NewModelVersion(name: name, source: source, run: first.run))
        }
        #expect(try await again(name, first.source) == first)
        #expect(try await again(name, first.source + "2").version == "2")
        #expect(try await again("sea \(name)", first.source).version == "1")
    }

    @Test func theChampionMovesOnlyFromTheOneItWasComparedWith() async throws {
        let versions = try await versions(3)
        let champion = Champion(of: name, on: server)
        #expect(try await champion.promote(versions[0], over: nil) == .done)
        #expect(try await champion.promote(versions[1], over: nil) == .overtaken(by: "1"))
        #expect(try await champion.promote(versions[1], over: "2") == .overtaken(by: "1"))
        #expect(try await champion.current()?.version == "1")
        #expect(try await champion.promote(versions[1], over: "1") == .done)
        let tags = try await champion.current()?.tags
        #expect(tags?[ModelTag.previous] == "1" && tags?[ModelTag.promoted]?.hasSuffix("Z") == true)
        #expect(try await server.registeredModel(name)?.tags == [ModelTag.champions: "1 2"])
        // A person moves the alias on MLflow's page.
        try await server.setAlias("champion", to: versions[2])
        #expect(try await champion.promote(versions[0], over: "2") == .overtaken(by: "3"))
        #expect(try await champion.promote(versions[0], over: "3") == .done)
        #expect(try await server.registeredModel(name)?.tags == [ModelTag.champions: "1 2 3 1"])
    }

    /// All of them have compared with version 1, so only one may win.
    @Test func ofManyPromotionsAtOnceOneWins() async throws {
        let versions = try await versions(6)
        let champion = Champion(of: name, on: server)
        #expect(try await champion.promote(versions[0], over: nil) == .done)
        let outcomes = await withTaskGroup(of: (String, Champion.Outcome?).self) { group in
            for version in versions.dropFirst() {
                group.addTask { (version.version, try? await champion.promote(version, over: "1")) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let winners = outcomes.filter { $0.value == .done }.keys
        let winner = try #require(winners.first)
        let current = try await champion.current()?.version
        #expect(winners.count == 1 && current == winner, "\(outcomes)")
        #expect(outcomes.values.allSatisfy { $0 == .done || $0 == .overtaken(by: winner) || $0 == .busy })
        #expect(try await server.registeredModel(name)?.tags == [ModelTag.champions: "1 \(winner)"])
    }

    @Test func aClaimHoldsOthersBackUntilItIsTooOld() async throws {
        try await server.createModel(named: name)
        let first = try #require(try await ChampionClaim.take(on: name, of: server))
        #expect(first.isSafe)
        #expect(try await ChampionClaim.take(on: name, of: server, patience: .zero) == nil)
        await first.release()
        let second = try await ChampionClaim.take(on: name, of: server, patience: .zero)
        #expect(second != nil)
        await second?.release()
        // A program that was stopped has left its claim.
        let stopped = ModelTag.claim + "stopped"
        try await server.setTag(stopped, "\(milliseconds(Date()) - 60_000)", ofModel: name)
        #expect(try await ChampionClaim.take(on: name, of: server, patience: .zero) == nil)
        try await server.setTag(stopped, "\(milliseconds(Date()) - 301_000)", ofModel: name)
        let third = try await ChampionClaim.take(on: name, of: server, patience: .zero)
        await third?.release()
        let tags = try await server.registeredModel(name)?.tags
        #expect(third != nil && tags == [:])
    }

    @Test func eachRollbackGoesOneStepBack() async throws {
        let versions = try await versions(4)
        let champion = Champion(of: name, on: server)
        for (version, old) in zip(versions, [nil, "1", "2", "3"]) {
            #expect(try await champion.promote(version, over: old) == .done)
        }
        // Version 3 is deleted meanwhile.
        let script = """
            import sys
            from mlflow import MlflowClient
            MlflowClient(sys.argv[1]).delete_model_version(sys.argv[2], "3")
            """
        #expect(try Python.run(script, address, name) == "")
        let first = try await champion.rollBack()
        #expect(first.from?.version == "4" && first.to?.version == "2" && first.outcome == .done)
        #expect(try await server.version(of: name, numbered: "4").tags[ModelTag.rolledBack] != nil)
        let second = try await champion.rollBack()
        #expect(second.from?.version == "2" && second.to?.version == "1")
        #expect(try await champion.current()?.version == "1")
        await #expect(throws: TrackingError.self) { try await champion.rollBack() }
        #expect(try await champion.current()?.version == "1")
        // After a step back, a promotion goes on from there.
        #expect(try await champion.promote(versions[3], over: "1") == .done)
        #expect(try await champion.rollBack().to?.version == "1")
        #expect(try await server.registeredModel(name)?.tags == [ModelTag.champions: "1"])
        await #expect(throws: TrackingError.self) { try await Champion(of: "nobody", on: server).rollBack() }
    }
}
