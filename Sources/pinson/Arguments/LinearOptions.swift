public import ArgumentParser
public import Training

/// The options that only linear models have: what a mistake costs, and what large weights cost.
struct LinearOptions: ParsableArguments {
    @Option(help: "The loss of svm: squared-hinge or hinge, which ignores rare mistakes more.")
    var loss = MarginLoss.squaredHinge

    /// Changes a recipe as the options say.
    func apply(to recipe: inout LinearRecipe) { recipe.marginLoss = loss }
}

extension MarginLoss: ExpressibleByArgument {}
