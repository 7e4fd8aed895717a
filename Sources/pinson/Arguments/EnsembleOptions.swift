public import ArgumentParser
public import Training

/// The options of an ensemble whose members the user names.
struct EnsembleOptions: ParsableArguments {
    @Option(
        help: """
            A member of the ensemble: logistic, svm, bayes, forest, lexicon or average. Repeat it for each member. Without it, the ensemble \
            is the mean of a logistic regression and of one whose features naive Bayes weights.
            """)
    var members: [Approach] = []

    @Option(
        help: """
            How the members are combined: mean (of their logits), vote (the mean of their probabilities) or stack (a \
            logistic regression learns the weights of the members).
            """)
    var combine = EnsembleRecipe.Combination.stack

    func validate() throws {
        if let member = members.first(where: { $0 == .ensemble || $0 == .auto }) {
            throw ValidationError(
                "The value '\(member.rawValue)' is invalid for '--members <members>': expected logistic, svm, bayes, forest, lexicon or average."
            )
        }
        guard members.count != 1 else {
            throw ValidationError("An ensemble needs at least two members. Repeat '--members' for each of them.")
        }
    }
}

extension EnsembleRecipe.Combination: ExpressibleByArgument {}
