import Foundation

/// What one retraining does: everything that is decided before its first step.
///
/// It is written once, so a retraining that was stopped goes on as it began, whatever the options and files are by then.
struct RetrainingPlan: Codable {
    /// A file that must not change until the retraining is over.
    struct File: Codable {
        var path: String
        /// The SHA-256 of the file, as 64 hexadecimal digits.
        var digest: String
    }

    /// Where the image goes, and what is rendered for it.
    struct Shipping: Codable {
        /// The targets that the image must fit.
        var targets: [String] = []
        /// The options of the targets, such as `--limits FILE`.
        var targetOptions: [String] = []
        /// The name of the image without a tag; nil if it is not pushed.
        var repository: String?
        /// The options of the registry.
        var registryOptions: [String] = []
        /// The templates that are rendered.
        var rendering: Rendering

        /// Whether an image is built.
        var hasImage: Bool { !targets.isEmpty || repository != nil }
    }

    /// The identifier of the retraining.
    var id = UUID().uuidString.lowercased()
    /// The registered model.
    var name: String
    /// The experiment that records the retraining.
    var experiment: String
    /// The number of the version that is champion at the start.
    var champion: String
    /// The approach and the options of `pinson train`.
    var recipe: [String]
    /// The test set.
    var test: File
    /// The options of `pinson promote`.
    var gate: [String]
    var shipping: Shipping
    /// The settings, for the record.
    var settings: [String: String]
    /// How many reports there are, and what became of them.
    var reports: [String: Int]
    /// The time of the start, in milliseconds since 1970.
    var start: Int64
    /// How it ended; nil if it has not.
    var outcome: RetrainingOutcome?
}

/// How a retraining ended.
enum RetrainingOutcome: String, Codable {
    /// The new model is the champion.
    case promoted
    /// The new model is not good enough, so the champion stays.
    case refused
    /// The image, or the memory that it needs, does not fit a target.
    case unfit
    /// The champion has changed meanwhile, so the comparison says nothing any more.
    case overtaken
    /// There are not enough new reports.
    case waiting
}
