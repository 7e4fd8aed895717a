/// A model that a server has a name for, with its versions.
public struct RegisteredModel: Equatable, Sendable {
    /// The name of the model.
    public var name: String
    /// Facts about the model.
    public var tags: [String: String]
    /// The number of the version that each alias stands for.
    public var aliases: [String: String]

    /// Checks a name.
    ///
    /// - Parameter name: The name of a model that may not exist yet.
    /// - Throws: `TrackingError.invalid` if MLflow does not accept the name.
    public static func check(name: String) throws(TrackingError) {
        guard !name.isEmpty, name.unicodeScalars.count <= 256, !name.contains("/"), !name.contains(":"),
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw .invalid(
                what: "registered model '\(name.cut(to: 60))'",
                reason: "a name has 1 to 256 characters, and none of them is a slash, a colon or a control character",
                advice: "Give a name such as airline.")
        }
    }
}

/// A version of a registered model.
public struct ModelVersion: Equatable, Sendable {
    /// The name of the model.
    public var name: String
    /// The number of the version.
    public var version: String
    /// The address of the folder, or of the file, that the version was made of.
    public var source: String
    /// The identifier of the run that made the version, or nil.
    public var run: String?
    /// Facts about the version.
    public var tags: [String: String]
    /// The aliases that stand for the version.
    public var aliases: [String]
}

/// A version of a registered model that is about to be created.
public struct NewModelVersion: Equatable, Sendable {
    /// The name of the model.
    public var name: String
    /// The address of the folder, or of the file, that the version is made of.
    public var source: String
    /// The identifier of the run that made the version, or nil.
    public var run: String?
    /// A text for people.
    public var description: String
    /// Facts about the version.
    public var tags: [String: String]

    /// Describes a version.
    ///
    /// - Parameters:
    ///   - name: The name of the model, which must exist.
    ///   - source: The address of the folder, or of the file, that the version is made of.
    ///   - run: The identifier of the run that made the version, or nil.
    ///   - description: A text for people.
    ///   - tags: Facts about the version.
    public init(name: String, source: String, run: String?, description: String = "", tags: [String: String] = [:]) {
        self.name = name
        self.source = source
        self.run = run
        self.description = description
        self.tags = tags
    }
}

/// The names of tags of registered models and their versions that have a meaning.
public enum ModelTag {
    /// On a model: the numbers of the versions that were champion, separated by spaces, the oldest first.
    public static let champions = "pinson.champions"
    /// On a version: the number of the version that was champion before this one was promoted.
    public static let previous = "pinson.previous_champion"
    /// On a version: the time at which it became the champion.
    public static let promoted = "pinson.promoted"
    /// On a version: the time at which the champion before it was put back in its place.
    public static let rolledBack = "pinson.rolled_back"
    /// On a version: the digest of the labelled texts on which it was promoted.
    public static let testSet = "pinson.test_set"
    /// On a version: the digest of the file with these texts.
    public static let testFile = "pinson.test_set.file"
    /// On a version: the conditions that did not hold when it was promoted all the same.
    public static let forced = "pinson.forced"
    /// On a version: the name of its image in a registry, with the digest.
    public static let image = "pinson.image"
    /// On a version: the run of the retraining that made it.
    public static let retraining = "pinson.retrain.run"
    /// On a version: the digest of the model file.
    public static let digest = "pinson.model"
    /// On a model, for a short time: the start of the name of a tag that claims the right to move the champion.
    static let claim = "pinson.claim."
}
