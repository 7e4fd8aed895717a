import ArgumentParser

/// A kind of model that `train` makes.
enum Approach: String, CaseIterable, Sendable, ExpressibleByArgument {
    case logistic, svm, bayes, forest, lexicon, average, ensemble
    /// All kinds are tried.
    case auto
}
