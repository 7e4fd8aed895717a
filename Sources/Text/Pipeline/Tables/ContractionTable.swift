/// Contractions that no rule expands, with what they stand for.
enum ContractionTable {
    static let table = WordTable(
        """
        'cause because
        'em them
        'til until
        'tis it is
        'twas it was
        ain't is not
        aint is not
        arent are not
        c'mon come on
        can't can not
        cannot can not
        cant can not
        cmon come on
        coulda could have
        couldnt could not
        didnt did not
        doesnt does not
        dont do not
        dunno do not know
        gimme give me
        gonna going to
        gotta got to
        hadnt had not
        hafta have to
        hasnt has not
        havent have not
        he's he is
        here's here is
        hes he is
        how's how is
        i'm i am
        im i am
        imma i am going to
        isnt is not
        it's it is
        itll it will
        ive i have
        kinda kind of
        lemme let me
        let's let us
        lotta lot of
        ma'am madam
        outta out of
        shan't shall not
        she's she is
        shes she is
        shoulda should have
        shouldnt should not
        sorta sort of
        that's that is
        thats that is
        there's there is
        theres there is
        theyll they will
        theyre they are
        theyve they have
        tryna trying to
        wanna want to
        wasnt was not
        werent were not
        weve we have
        what's what is
        whats what is
        when's when is
        where's where is
        who's who is
        why's why is
        won't will not
        wont will not
        woulda would have
        wouldnt would not
        y'all you all
        yall you all
        youll you will
        youre you are
        youve you have
        """)

    /// The endings that a rule expands.
    static let endings: [(ending: StaticString, words: StaticString)] = [
        ("n't", " not"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'d", " would"), ("'m", " am"),
    ]
}
