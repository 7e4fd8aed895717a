/// Words that make the word after them stronger or weaker.
enum BoosterTable {
    static let stronger = WordTable(
        """
        absolutely
        awfully
        completely
        deeply
        especially
        extremely
        fucking
        fully
        greatly
        hella
        highly
        incredibly
        insanely
        majorly
        more
        most
        particularly
        purely
        quite
        really
        remarkably
        ridiculously
        seriously
        so
        super
        terribly
        thoroughly
        too
        totally
        truly
        uber
        unbelievably
        utterly
        very
        """)

    static let weaker = WordTable(
        """
        almost
        barely
        hardly
        kinda
        less
        little
        mildly
        partly
        scarcely
        slightly
        somewhat
        sorta
        """)
}
