import Text

/// What the slices of an evaluation need to know about a text.
struct TextTraits {
    private let counts: TextCounts
    let writingSystem: WritingSystem

    init(_ text: String) {
        counts = TextCounts(text)
        writingSystem = WritingSystem(of: text)
    }

    /// The number of code points.
    var length: Int { counts[.characters] }

    /// Whether something occurs in the text.
    func has(_ count: TextCount) -> Bool { counts[count] > 0 }
}
