/// A training by gradients that goes step by step through its texts, epoch after epoch.
public protocol EpochTrainer: AnyObject {
    /// The number of steps that were made.
    var steps: Int { get }
    /// The number of steps of an epoch.
    var epochSteps: Int { get }
    /// The number of all steps.
    var totalSteps: Int { get }
    /// The number of parameters.
    var parameterCount: Int { get }
    /// The most tokens that pass through the model together.
    var microTokens: Int { get }
    /// All parameters of the present model.
    var currentParameters: [Float] { get }
    /// Goes on from a state of the same training.
    func resume(_ state: FineTuner.State)

    /// Calls `body` with the arrays of the present state, without a copy of them.
    ///
    /// - Parameter body: Reads the arrays, which do not change until it returns.
    /// - Throws: The error that `body` throws.
    func withState<E: Error>(
        _ body: ([(name: String, values: UnsafeBufferPointer<Float>)]) throws(E) -> Void
    ) throws(E)

    /// Makes one step.
    func step() -> FineTuner.Step

    /// The outputs of the present model for some texts, without dropout, (texts, labels).
    func logits(_ texts: [[Int32]]) -> [Float]
}

extension FineTuner: EpochTrainer {
    /// The number of parameters.
    public var parameterCount: Int { layout.count }
    /// The most tokens that pass through the model together.
    public var microTokens: Int { options.microTokens }
}
