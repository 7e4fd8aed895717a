/// Words that negate what follows, and the pieces of contractions.
enum NegationTable {
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
