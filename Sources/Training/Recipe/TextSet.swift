/// Texts whose n-grams are counted once for all recipes with the same features.
///
/// The n-grams of all texts are counted, also of those that a model does not learn from. That tells a model which n-grams
/// are frequent, but nothing about labels.
public final class TextSet {
    /// The texts.
    public let texts: [String]
    private var counted: [Counted] = []

    /// The features of the texts, and how often each text has them.
    struct Counted {
        var vectorizer: Vectorizer
        var counts: SparseMatrix
    }

    /// The most choices of features that are kept.
    private static let mostKept = 2

    /// Creates a set.
    ///
    /// - Parameter texts: The texts.
    public init(_ texts: [String]) { self.texts = texts }

    /// The counts for some choice of features.
    func counted(_ options: Vectorizer.Options) -> Counted {
        if let index = counted.firstIndex(where: { $0.vectorizer.options == options }) {
            counted.append(counted.remove(at: index))
        } else {
            if counted.count == Self.mostKept { counted.removeFirst() }
            let vectorizer = Vectorizer(fitting: texts, options)
            counted.append(Counted(vectorizer: vectorizer, counts: vectorizer.counts(of: texts)))
        }
        return counted[counted.count - 1]
    }
}
