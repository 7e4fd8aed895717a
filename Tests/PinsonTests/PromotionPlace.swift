import Fixtures
import Foundation

/// A server, models that know different words, and a test set: what the tests of promotions need.
struct PromotionPlace {
    let folder: URL
    let server: MLflowProcess
    /// The name of a registered model that no other test has.
    let name = "air-\(UUID().uuidString)"

    /// The words that tell the class of a text: one pair for each category.
    private static let telling = [
        ["awful", "great"], ["worst", "love"], ["never", "thanks"], ["rude", "lovely"], ["lost", "smooth"],
    ]
    private static let others = ["late", "flight", "crew", "gate", "bag", "seat", "plane", "the", "my", "our"]

    /// Writes the test set TEST.csv with the categories k0 to k4, unless there is another one.
    init(in folder: URL, writesTest: Bool = true) throws {
        self.folder = folder
        server = try MLflowProcess.shared()
        guard writesTest else { return }
        try write("TEST.csv", count: 300, seed: 3, knowing: [0, 1, 2, 3, 4])
    }

    /// Writes texts, of which those of the categories `knowing` contain a word that tells their class.
    func write(_ file: String, count: Int, seed: UInt64, knowing: Set<Int>) throws {
        var random = Seeded(seed)
        var text = "text,label,category\n"
        for index in 0..<count {
            let category = Int.random(in: 0..<5, using: &random)
            var words = (0..<Int.random(in: 3...9, using: &random)).compactMap { _ in
                Self.others.randomElement(using: &random)
            }
            let place = Int.random(in: 0...words.count, using: &random)
            if knowing.contains(category) { words.insert(Self.telling[category][index % 2], at: place) }
            text += "\(words.joined(separator: " ")),\(["negative", "positive"][index % 2]),k\(category)\n"
        }
        try Data(text.utf8).write(to: folder.appendingPathComponent(file))
    }

    /// Trains a model that knows the words of some categories.
    func train(_ file: String, knowing: Set<Int>, seed: UInt64 = 1) throws {
        try write("TRAIN.csv", count: 600, seed: seed, knowing: knowing)
        let result = try pinson("train", "bayes", "--data", "TRAIN.csv", "-o", file, isTracked: false)
        guard result.status == 0 else { throw Client.Failure() }
    }

    /// Runs `pinson` in the folder.
    func pinson(_ arguments: String..., isTracked: Bool = true, environment: [String: String] = [:]) throws
        -> Program.Result
    {
        let address = ["MLFLOW_TRACKING_URI": isTracked ? "http://127.0.0.1:\(server.port)" : ""]
        let cache = ["XDG_CACHE_HOME": folder.appendingPathComponent("cache").path]
        return try TrackTests.pinson(
            in: folder, arguments, address.merging(cache) { $1 }.merging(environment) { $1 })
    }

    /// Runs `pinson promote` for the model `name` and the test set TEST.csv.
    func promote(_ model: String, _ options: String..., data: String = "TEST.csv") throws -> Program.Result {
        let address = ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(server.port)"]
        let cache = ["XDG_CACHE_HOME": folder.appendingPathComponent("cache").path]
        return try TrackTests.pinson(
            in: folder, ["promote", model, "--name", name, "--data", data, "--resamples", "100"] + options,
            address.merging(cache) { $1 })
    }

    /// What the server says about the registered model: the version of the champion, and the history.
    func champion() throws -> (version: String?, history: String?) {
        let answer = try get("registered-models/get?name=\(name)")
        let model = answer["registered_model"] as? [String: Any]
        let aliases = model?["aliases"] as? [[String: String]]
        let tags = model?["tags"] as? [[String: String]]
        // A claim that stayed would be a second tag.
        let history = tags?.count == 1 ? tags?.first?["value"] : "\(tags ?? [])"
        return (aliases?.first { $0["alias"] == "champion" }?["version"], history)
    }

    /// The tags of a version.
    func tags(of version: Int) throws -> [String: String] {
        let answer = try get("model-versions/get?name=\(name)&version=\(version)")
        let tags = (answer["model_version"] as? [String: Any])?["tags"] as? [[String: String]] ?? []
        return Dictionary(tags.compactMap { tag in tag["key"].map { ($0, tag["value"] ?? "") } }) { $1 }
    }

    private func get(_ path: String) throws -> [String: Any] {
        let answer = try Client.request(port: server.port, "GET", "/api/2.0/mlflow/\(path)")
        return try answer.json()
    }

    /// What the Python client says: the expression is about `client`, `name`, `model` and `champion`.
    func ask(_ expression: String) throws -> String {
        let script = """
            import sys
            from mlflow import MlflowClient
            client, name = MlflowClient(sys.argv[1]), sys.argv[2]
            model = client.get_registered_model(name)
            champion = client.get_model_version_by_alias(name, "champion")
            print(\(expression), end="")
            """
        return try Python.run(script, "http://127.0.0.1:\(server.port)", name)
    }
}
