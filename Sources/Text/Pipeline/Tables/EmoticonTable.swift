/// Emoticons, each with the word for its feeling.
enum EmoticonTable {
    /// The largest number of bytes of an emoticon.
    static let longest = 5

    static let table = WordTable(
        #"""
        %) confused
        (-: smile
        (: smile
        )-: sad
        ): sad
        -.- annoyed
        -_- annoyed
        -__- annoyed
        :'( cry
        :') smile
        :'-( cry
        :'-) smile
        :'D laugh
        :'d laugh
        :( sad
        :) smile
        :* kiss
        :,( cry
        :-( sad
        :-) smile
        :-)) laugh
        :-* kiss
        :-/ annoyed
        :-0 surprised
        :-< sad
        :-@ angry
        :-D laugh
        :-O surprised
        :-P playful
        :-S confused
        :-[ sad
        :-\ annoyed
        :-] smile
        :-b playful
        :-c sad
        :-d laugh
        :-o surprised
        :-p playful
        :-s confused
        :-| annoyed
        :/ annoyed
        :@ angry
        :D laugh
        :O surprised
        :P playful
        :S confused
        :[ sad
        :\ annoyed
        :] smile
        :^) smile
        :b playful
        :c sad
        :d laugh
        :o surprised
        :o) smile
        :p playful
        :s confused
        :{ sad
        :| annoyed
        :} smile
        ;( sad
        ;) wink
        ;* kiss
        ;-( sad
        ;-) wink
        ;-* kiss
        ;-D wink
        ;-P playful
        ;-] wink
        ;-d wink
        ;-p playful
        ;D wink
        ;P playful
        ;] wink
        ;^) wink
        ;_; cry
        ;d wink
        ;p playful
        </3 broken heart
        <3 heart
        <\3 broken heart
        ='( cry
        =( sad
        =) smile
        =* kiss
        =/ annoyed
        =D laugh
        =O surprised
        =P playful
        =[ sad
        =\ annoyed
        =] smile
        =d laugh
        =o surprised
        =p playful
        =| annoyed
        =} smile
        >.< annoyed
        >:( angry
        >:-( angry
        >:/ angry
        >:[ angry
        >=( angry
        >_< annoyed
        D: sad
        D:< angry
        D= sad
        O.O surprised
        O.o surprised
        O_O surprised
        O_o surprised
        Q_Q cry
        T.T cry
        TT_TT cry
        T_T cry
        X-D laugh
        XD laugh
        XP playful
        [: smile
        \m/ cheer
        \o/ cheer
        ^-^ smile
        ^^ smile
        ^_^ smile
        d:< angry
        n_n smile
        o.O surprised
        o.o surprised
        o_O surprised
        o_o surprised
        q_q cry
        t.t cry
        t_t cry
        tt_tt cry
        x-D laugh
        x-d laugh
        xD laugh
        xP playful
        xd laugh
        """#)

    /// What one of the earlier systems replaced, wherever it stood and in lower case.
    static let priorK = WordTable(
        #"""
        :'( cry
        :( sad
        :) smile
        :-( sad
        :-) smile
        :-d laugh
        :-p playful
        :/ annoyed
        :d laugh
        :p playful
        ;) wink
        ;-) wink
        t_t cry
        xd laugh
        """#)
}
