/// One step of a retraining, in their order.
enum RetrainingStep: String, Codable, CaseIterable {
    case select, train, image, check, promote, push, deploy

    /// The steps that a plan needs.
    static func steps(of plan: RetrainingPlan) -> [RetrainingStep] {
        allCases.filter { step in
            switch step {
            case .select, .train, .promote: true
            case .image: plan.shipping.hasImage
            case .check: !plan.shipping.targets.isEmpty
            case .push: plan.shipping.repository != nil
            case .deploy: !plan.shipping.rendering.templates.isEmpty
            }
        }
    }
}

/// A step that is over, and what it has made.
struct StepRecord: Codable {
    var step: RetrainingStep
    /// The SHA-256 of each file that it has written, by its name in the folder of the retraining.
    var files: [String: String] = [:]
    /// What other steps and people need to know, such as the digest of the image.
    var facts: [String: String] = [:]
    /// Measurements.
    var metrics: [String: Double] = [:]
    /// Why the retraining ends here; nil if it goes on.
    var refusal: Refusal?
    /// The run that records the step.
    var run: String?
    /// The time that it took, in seconds.
    var seconds = 0.0

    /// A verdict that ends a retraining.
    struct Refusal: Codable {
        var outcome: RetrainingOutcome
        /// The reasons, one sentence or condition each.
        var reasons: [String]
    }
}
