/// Words that negate what follows, and the pieces of contractions.
enum NegationTable {
    /// Whether a word negates what follows: it is in the table, or ends in `n't`.
    static func negates(_ text: UTF8Bytes, _ word: Range<Int>) -> Bool {
        // Most words do not begin or end as all of these do.
        let (first, last) = (text[word.lowerBound].lowercased, text[word.upperBound - 1].lowercased)
        guard first == 0x6E || last == 0x74 else { return false }  // n t
        return text.withKey(of: word) { key in
            words.contains(key) || key.count > 3 && key.hasPrefix("n't", at: key.count - 3)
        }
    }

    /// Words that negate what follows, besides every word that ends in `n't`.
    static let words = WordTable(
        """
        aint
        arent
        cannot
        cant
        couldnt
        didnt
        doesnt
        dont
        hadnt
        hasnt
        havent
        isnt
        mustnt
        neednt
        neither
        never
        no
        nobody
        none
        noone
        nor
        not
        nothing
        nowhere
        shant
        shouldnt
        wasnt
        werent
        wont
        wouldnt
        """)

    /// What remains of a contraction when a tokenizer splits it at its apostrophe.
    static let fragments = WordTable(
        """
        ain
        aren
        couldn
        d
        didn
        doesn
        don
        hadn
        hasn
        haven
        isn
        ll
        m
        ma
        mightn
        mustn
        needn
        o
        re
        s
        shan
        shouldn
        t
        ve
        wasn
        weren
        won
        wouldn
        y
        """)
}
