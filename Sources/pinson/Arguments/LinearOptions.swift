public import ArgumentParser
public import Training

/// The options that only linear models have: what a mistake costs, and what large weights cost.
struct LinearOptions: ParsableArguments {
    @Option(help: "The loss of svm: squared-hinge or hinge, which ignores rare mistakes more.")
    var loss = MarginLoss.squaredHinge

    /// What makes weights small.
    enum Penalty: String, CaseIterable, ExpressibleByArgument {
        case l2, l1
        case elasticNet = "elastic-net"
    }

    @Option(
        help: """
            The penalty of the weights of logistic: l2 (the sum of their squares), l1 (the sum of their absolute values, \
            which leaves most n-grams out and makes a small file) or elastic-net (both).
            """)
    var penalty = Penalty.l2

    @Option(help: "The share of the absolute values in the penalty elastic-net, between 0 and 1.")
    var l1Ratio = 0.5

    @Option(
        help: "The solver of logistic with the penalty l2: lbfgs, or newton for features of very different sizes.")
    var solver = LinearTrainer.Solver.lbfgs

    func validate() throws {
        guard l1Ratio > 0 && l1Ratio < 1 else {
            throw ValidationError(
                "The value '\(l1Ratio)' is invalid for '--l1-ratio <l1-ratio>': expected a number between 0 and 1.")
        }
    }

    /// Changes a recipe as the options say.
    func apply(to recipe: inout LinearRecipe) {
        recipe.marginLoss = loss
        recipe.solver = solver
        switch penalty {
        case .l2: recipe.l1Ratio = 0
        case .l1: recipe.l1Ratio = 1
        case .elasticNet: recipe.l1Ratio = l1Ratio
        }
    }
}

extension MarginLoss: ExpressibleByArgument {}
extension LinearTrainer.Solver: ExpressibleByArgument {}
