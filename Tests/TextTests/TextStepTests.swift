import Testing

@testable import Text

/// One step at a time: the step, a text, and what becomes of it.
@Suite struct TextStepTests {
    private func expect(_ step: String, _ text: String, _ expected: String) throws {
        let result = try TextPipeline([step]).apply(to: text)
        #expect(Array(result.utf8) == Array(expected.utf8), "\(step): '\(text)' became '\(result)'")
    }

    @Test(arguments: [
        ("links", "see http://t.co/x.", "see URL."), ("links", "HTTPS://A.B/c?d=e&f=#g) ok", "URL) ok"),
        ("links", "seehttp://t.co/x", "seeURL"),
        ("links", "www.a.com awww.that http:// http://!", "URL awww.that http:// http://!"),
        ("links", "http://t.co/x😍 http://a/", "URL😍 URL"), ("links:remove", "a http://b c", "a  c"),
        ("links:token=<URL>,rule=prior-g", "see http://t.co/x. awww.that!", "see <URL> a<URL>"),
        ("links:remove,rule=prior-k", "see http://t.co/x. https http httpx www.a.com", "see    httpx www.a.com"),
        ("mentions", "@a_1: .@b x@y.z @ @@c @é", "USER: .USER x@y.z @ @@c USER"),
        ("mentions:token=<M>,anywhere", "x@y.z http://a/@b", "x<M>.z http://a/<M>"),
        ("mentions", "http://a/@b", "http://a/@b"), ("mentions:remove", "hi @you!", "hi !"),
    ])
    func linksAndMentionsAreReplaced(step: String, text: String, expected: String) throws {
        try expect(step, text, expected)
    }

    @Test(arguments: [
        ("@you see http://t.co/x", "@user see http"), ("@ @a @", "@ @user @"),
        (".@a (http://b) x@y", ".@a (http://b) x@y"),
        ("httpx https HTTP", "http http HTTP"), ("a  @b  ", "a  @user  "), ("a\n@b\thttp://c", "a\n@b\thttp://c"),
        ("@é😍 @@", "@user @user"), ("", ""), (" ", " "),
    ])
    func placeholdersStandForWhatBeginsAfterASpace(text: String, expected: String) throws {
        try expect("placeholders", text, expected)
    }

    @Test(arguments: [
        (
            "hashtags", "#BestFlightEver #2good #HTMLParser #best_day #ok #1 #Été",
            "Best Flight Ever 2 good HTML Parser best day ok #1 Été"
        ),
        ("hashtags", "x#y &#39; http://a/#b", "x#y &#39; http://a/#b"), ("hashtags:separate", "#a #1", "# a #1"),
        ("hashtags:separate,anywhere", "x#y #1", "x# y # 1"), ("hashtags:remove", "so #happy!", "so !"),
        ("hashtags:token=TAG", "so #happy!", "so TAG!"),
    ])
    func hashtagsAreSplitOrReplaced(step: String, text: String, expected: String) throws {
        try expect(step, text, expected)
    }

    @Test(arguments: [
        ("repeats", "soooo cooool yess hmmm 1000 !!!! ééé", "soo cool yess hmm 1000 !!!! éé"),
        ("repeats:limit=1", "soooo yess", "so yes"), ("repeats:limit=3", "soooo yess", "sooo yess"),
        ("repeats:any", "!!!! 1000    ____ 😍😍😍", "!! 1000    __ 😍😍"),
        ("repeats", "http://wwww.aaa.com aaa", "http://wwww.aaa.com aa"),
        ("repeats", "日日日日 SSSs", "日日 SSs"),
    ])
    func repeatedLettersAreShortened(step: String, text: String, expected: String) throws {
        try expect(step, text, expected)
    }

    @Test(arguments: [
        ("I can't, can’t, Won't, DON'T, I'M", "I can not, can not, Will not, DO NOT, I AM"),
        ("they're you'll he'd I've it's Bob's let's", "they are you will he would I have it is Bob's let us"),
        ("dont gonna y'all 'cause 'tis couldn't've", "do not going to you all because it is couldn't've"),
        ("isnʼt isn＇t ain't won´t", "is not is not is not won´t"),
        ("@can't http://a.b/can't #dont x", "@can't http://a.b/can't #dont x"),
        ("'don't' n't 't d'", "'do not' n't 't d'"),
    ])
    func contractionsAreExpandedInTheirCase(text: String, expected: String) throws {
        try expect("contractions", text, expected)
    }

    @Test func contractionsOfAnEarlierSystemHaveStraightApostrophes() throws {
        try expect("contractions:rule=prior-k", "can't can’t dont gonna gotta", "can not can’t dont going to gotta")
    }

    @Test(arguments: [
        ("good:) :-)))) ;D =D", "good smile laugh wink laugh"), ("I <3 it </3 :'(", "I heart it broken heart cry"),
        ("http://a.b :/ :// 5:30 10:)", "http://a.b annoyed :// 5:30 10:)"),
        ("(see: this) a): :p: x:post", "(see: this) a): playful : x:post"),
        ("xD :d T_T o_O the taxDue", "laugh laugh cry surprised the taxDue"), ("ok:( no", "ok sad no"),
        ("\\o/ :\\", "cheer annoyed"),
    ])
    func emoticonsBecomeWords(text: String, expected: String) throws { try expect("emoticons", text, expected) }

    @Test func emoticonsOfAnEarlierSystemAreFoundInLinksAndWords() throws {
        try expect("emoticons:rule=prior-k", "http://a foxdie:)", "http annoyed /a fo laugh ie smile ")
    }

    @Test(arguments: [
        ("emoji", "love😍it 😍", "love smiling face with heart-eyes it smiling face with heart-eyes"),
        ("emoji", "❤️ ❤ ☺️", "red heart red heart smiling face"),
        ("emoji", "👍🏽 👩🏽‍✈️ 🤷🏻‍♀️ 👮‍♂️", "thumbs up woman pilot woman shrugging man police officer"),
        ("emoji", "🇫🇷 🇦🇶 🇫 1️⃣ #⃣ 1", "france flag aq 🇫 keycap 1 keycap # 1"),
        ("emoji", "🏳️‍🌈 👨‍👩‍👧 ❤️‍🔥", "rainbow flag man woman girl heart on fire"),
        (
            "emoji:codes", "so😍 👍🏽 🤷🏻‍♀️",
            "so:smiling_face_with_heart-eyes: :thumbs_up_medium_skin_tone: :woman_shrugging_light_skin_tone:"
        ),
        ("emoji", "日本 – … €", "日本 – … €"), ("emoji", "😍\u{200D}", "smiling face with heart-eyes \u{200D}"),
    ])
    func emojiBecomeTheirNames(step: String, text: String, expected: String) throws { try expect(step, text, expected) }

    @Test(arguments: [
        ("not good at all, but ok", "not good_NEG at_NEG all_NEG, but ok"),
        ("I don’t like it! ok", "I don’t like_NEG it_NEG! ok"),
        ("never ever again", "never ever_NEG again_NEG"),
        ("cant see http://a.b:c, @you (it) x", "cant see_NEG http://a.b:c, @you (it) x"),
        ("cant see http://a.b:c @you me", "cant see_NEG http://a.b:c @you me_NEG"),
        ("no, no not me", "no, no not me_NEG"), ("good", "good"),
    ])
    func wordsAfterANegationAreMarked(text: String, expected: String) throws { try expect("negation", text, expected) }

    @Test(arguments: [
        ("stopwords", "The flight is not on time and it's late", "flight not time late"),
        ("stopwords", "I don't like this: the, end", "don't like : , end"),
        ("stopwords:keep=none", "I don’t like no one", "like one"),
        ("stopwords", "@the #the they’ve don ll won", "@the #the don ll won"),
        ("stopwords:fragments", "don ll won nothing never", "nothing never"), ("stopwords:spaced", "the: the", "the: "),
        ("short", "a bc é 日本 ! x", "bc 日本 "), ("short:least=4", "abc abcd été", "abcd "),
    ])
    func stopWordsAndShortWordsAreRemoved(step: String, text: String, expected: String) throws {
        try expect(step, text, expected)
    }

    @Test(arguments: [
        ("spaces", "  a \t\n b\u{3000}c  ", "a b c"), ("spaces", "a b", "a b"), ("spaces", "a\tb", "a b"),
        ("ascii", "naïve😍\n ok~", "nave ok~"),
        ("punctuation", "don't, stop! http://a.b/c 日本。", "dont stop http://a.b/c 日本"),
        ("punctuation:space,ascii", "a_b-c…", "a b c…"),
        ("punctuation:isolate,only=!?", "ok!?", "ok !  ? "),
        ("punctuation:keep=!,anywhere", "ok! http://a", "ok! httpa"),
        ("merged", "cannot Gonna cannots gimme", "can not Gon na cannots gim me"),
    ])
    func spacesAndPunctuationAreChanged(step: String, text: String, expected: String) throws {
        try expect(step, text, expected)
    }

    @Test(arguments: [
        ("flights cities boxes churches buses heroes", "flight city box church bus hero"),
        ("women children knives movies series", "woman child knife movie series"),
        ("this is was always glass news", "this be be always glass news"),
        ("hoping hopping making stopped loved agreed", "hope hop make stop love agree"),
        ("went bought thought written", "go buy think write"),
        ("opened visiting deciding imagined cancelled", "open visit decide imagine cancel"),
        ("morning nothing king red need wedding", "morning nothing king red need wedding"),
        ("panicking arguing dancing handled", "panic argue dance handle"),
        ("@flights #flights Flights flights", "@flights #flights Flights flight"),
    ])
    func wordsAreReducedToTheirBaseForm(text: String, expected: String) throws {
        try expect("lemmatize", text, expected)
    }

    @Test func nounsAloneAreReducedToTheSingular() throws {
        try expect("lemmatize:rule=nouns", "flights went hoping lives", "flight went hoping life")
    }
}
