/// What a client may do with a key.
enum Scope: String, CaseIterable, Sendable {
    /// Classify texts.
    case predict
    /// Report wrong answers.
    case feedback
    /// See how the function is doing, read the latest reports, and erase reports.
    case operate
}

extension Route.Endpoint {
    /// The scope that a client needs, or nil if the endpoint is open to everybody.
    var scope: Scope? {
        switch self {
        case .predict: .predict
        case .feedback, .errorReport: .feedback
        case .erasure, .operator: .operate
        default: nil
        }
    }
}
