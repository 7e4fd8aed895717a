import Fixtures
import Foundation

/// A server, models that know different words, and a test set: what the tests of promotions need.
struct PromotionPlace {
    let folder: URL
    let server: MLflowProcess

    /// The words that tell the class of a text: one pair for each category.
    private static let telling = [
        ["awful", "great"], ["worst", "love"], ["never", "thanks"], ["rude", "lovely"], ["lost", "smooth"],
    ]
    private static let others = ["late", "flight", "crew", "gate", "bag", "seat", "plane", "the", "my", "our"]

    /// Starts a server, and writes the test set TEST.csv with the categories k0 to k4.
    init(in folder: URL) throws {
        self.folder = folder
        server = try MLflowProcess(in: folder)
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

    /// Runs `pinson promote` for the model `air` and the test set TEST.csv.
    func promote(_ model: String, _ options: String..., data: String = "TEST.csv") throws -> Program.Result {
        let address = ["MLFLOW_TRACKING_URI": "http://127.0.0.1:\(server.port)"]
        let cache = ["XDG_CACHE_HOME": folder.appendingPathComponent("cache").path]
        return try TrackTests.pinson(
            in: folder, ["promote", model, "--name", "air", "--data", data, "--resamples", "100"] + options,
            address.merging(cache) { $1 })
    }

    /// What the Python client says: the expression is about `client`, `model` and `champion`.
    func ask(_ expression: String) throws -> String {
        let script = """
            import sys
            from mlflow import MlflowClient
            client = MlflowClient(sys.argv[1])
            model = client.get_registered_model("air")
            champion = client.get_model_version_by_alias("air", "champion")
            print(\(expression), end="")
            """
        return try Python.run(script, "http://127.0.0.1:\(server.port)")
    }
}
