/// The rules by which capitals, marks and the words near a word change its valence.
///
/// - Source: Hutto and Gilbert 2014, "VADER: a parsimonious rule-based model for sentiment analysis of social media
///   text", and the constants of its program.
extension LexiconText {
    /// What a negation multiplies the valence of the next three words by.
    public static let negation: Float = -0.74
    /// What capitals add to a valence if other words are not in capitals.
    static let capitals: Float = 0.733
    /// What a word such as `very` adds to the valence of the next word.
    static let booster: Float = 0.293
    /// What each exclamation mark adds, up to four.
    static let exclamation: Float = 0.292

    /// The number of negations among the three words before a word.
    ///
    /// - Parameter index: The position of the word in ``words``.
    /// - Returns: The number, 0 to 3.
    public func negations(before index: Int) -> Int {
        let place = words[index].place
        return places[max(0, place - 3)..<place].count { words[$0].role == .negates }
    }

    /// The valence of a word in this text.
    ///
    /// - Parameters:
    ///   - index: The position of the word in ``words``.
    ///   - learned: The valence of the word in the lexicon.
    /// - Returns: The valence after all rules; 0 stays 0.
    public func valence(of index: Int, _ learned: Float) -> Float {
        guard learned != 0 else { return 0 }
        let word = words[index]
        var valence = learned
        if hasMixedCapitals, word.isInCapitals { valence += Self.signed(Self.capitals, valence) }
        for distance in 1...3 where distance <= word.place {
            let other = words[places[word.place - distance]]
            switch other.role {
            case .none: break
            case .negates: valence *= Self.negation
            case .strengthens, .weakens:
                var change = Self.signed(other.role == .strengthens ? Self.booster : -Self.booster, valence)
                if hasMixedCapitals, other.isInCapitals { change += Self.signed(Self.capitals, valence) }
                valence += change * (distance == 1 ? 1 : distance == 2 ? 0.95 : 0.9)
            }
        }
        if let contrast, index != contrast { valence *= index < contrast ? 0.5 : 1.5 }
        return valence
    }

    /// What the exclamation and question marks of the text add to a sum of valences; with its sign.
    ///
    /// - Parameter sum: The sum of the valences of all words.
    /// - Returns: The number to add.
    public func emphasis(of sum: Float) -> Float {
        guard sum != 0 else { return 0 }
        let doubts: Float = questions < 2 ? 0 : questions < 4 ? 0.18 * Float(questions) : 0.96
        return Self.signed(Self.exclamation * Float(min(exclamations, 4)) + doubts, sum)
    }

    /// The valence of the whole text, from -1 to 1.
    ///
    /// - Parameter learned: The valence of a word in the lexicon, by its position in ``words``; 0 if it has none.
    /// - Returns: s / √(s² + 15), where s is the sum of the valences with its emphasis.
    public func compound(_ learned: (_ index: Int) -> Float) -> Float {
        var sum: Float = 0
        for index in words.indices { sum += valence(of: index, learned(index)) }
        sum += emphasis(of: sum)
        return sum / Self.length(of: sum)
    }

    /// What a sum of valences is divided by.
    ///
    /// - Parameter sum: The sum, with its emphasis.
    /// - Returns: √(s² + 15).
    public static func length(of sum: Float) -> Float { (sum * sum + 15).squareRoot() }

    private static func signed(_ value: Float, _ sign: Float) -> Float { sign < 0 ? -value : value }
}
