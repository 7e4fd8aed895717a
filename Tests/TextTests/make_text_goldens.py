#!/usr/bin/env python3
"""Writes what Python, scikit-learn's pattern, NLTK and the `emoji` package do with seeded texts.

usage: make_text_goldens.py WORDNET Goldens
needs: pip install nltk==3.10.4 emoji==2.16.0; WORDNET is the folder /usr/share/wordnet of Debian's wordnet-base

The script writes words.jsonl, lowercase.jsonl, entities.jsonl, stems.jsonl and prior.jsonl. It was run with Python 3.11,
whose Unicode version is also that of the tables in Sources/Text.
"""
import html, html.entities, json, random, re, string, sys, unicodedata
import emoji
from nltk.stem import PorterStemmer
from nltk.tokenize import NLTKWordTokenizer

wordnet, out = sys.argv[1:3]
rng = random.Random(7)


def write(name, rows):
    with open(f"{out}/{name}.jsonl", "w", encoding="utf-8") as file:
        for row in rows: file.write(json.dumps(row, separators=(",", ":")) + "\n")


# Texts with every kind of character, and plain English around them.
TEXTS = ["", " ", "a", "ab", "\t\r\n", "I can't say @air_paris #Best 3 x 10€ naïve don’t 日本語", "İstanbul ILIK",
         "नमस्ते दुनिया हिन्दी", "👩‍✈️ so 👨‍👩‍👧 good 🇫🇷 1️⃣ ❤️", "日本語のテキスト、です。ok", "e\u0301t\u0301 x\u0327y_z __ _",
         "http://t.co/x https://a.b/c?d=e) http:// https:/ httpx://a xhttp://b", "@@a !@bob @_x @ @'q", "don't 'quoted' ''",
         "l’avion d'Air ʼn", "ΌΣΟΣ ΑΣ Σ ΣΑ ΑΣ. ΑΣ1 ΑΣ\u0301Α", "ª²½①Ⅷ٣५ ⁴x", "a\u00a0b\u2028c\u3000d\x1ce\x85f\u200bg\ufeffh",
         "ǅ ẞ ﬁ ŉ ǰ", "!!! ... :-) :/ <3 #a#b ##", "中文abc混合 한국어 조합", "اَلْعَرَبِيَّةُ"]
BLOCKS = [(0x20, 0x7E)] * 10 + [(0x00, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x2B0, 0x36F), (0x370, 0x52F), (0x590, 0x8FF),
          (0x900, 0xDFF), (0xE00, 0x10FF), (0x1680, 0x18AF), (0x1C80, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x2BFF), (0x2C00, 0x2DFF),
          (0x3000, 0x33FF), (0x4E00, 0x4FFF), (0xA640, 0xABFF), (0xAC00, 0xADFF), (0xF900, 0xFFFD), (0x10000, 0x10FFF), (0x11000, 0x11FFF),
          (0x1D400, 0x1D7FF), (0x1E900, 0x1E95F), (0x1F300, 0x1FAFF)]
PIECES = ["flight", "Late", "CREW", "don't", "don’t", "#late", "@you", "x", "12", "...", "http://t.co/a", "ΣΑΣ", "İ", "😍", "n'", "!"]
for _ in range(800):
    pieces = []
    for _ in range(rng.randint(1, 6)):
        if rng.random() < 0.5:
            pieces.append(rng.choice(PIECES))
        else:
            first, last = rng.choice(BLOCKS)
            points = [rng.randint(first, last) for _ in range(rng.randint(1, 4))]
            pieces.append("".join(chr(c) for c in points if unicodedata.category(chr(c)) != "Cn"))
    TEXTS.append(rng.choice(["", " "]).join(pieces))

write("words", [{"text": t, "word": re.findall(r"(?u)\b\w\w+\b", t),
                 "tweet": re.findall(r"@\w+|https?://\S+|[\w'’]+|[^\w\s]+", t)} for t in TEXTS])

# Every letter whose lower case is another, and the texts above.
CASED = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF and chr(c).lower() != chr(c)]
groups = ["".join(CASED[i:i + 40]) for i in range(0, len(CASED), 40)]
write("lowercase", [{"text": t, "expected": t.lower()} for t in TEXTS[:222] + groups])

names = list(html.entities.html5)
references = ["&amp;", "&AMP", "&lt;3", "&amp;amp;", "&notit;", "&notin;", "&#39;", "&#x27;", "&#X27", "&#0;", "&#128;", "&#x9f;",
              "&#x81;", "&#xD800;", "&#1114112;", "&#99999999999999;", "&#xFFFE;", "&#1;", "&#13;", "&#x;", "&#;", "&;", "& ",
              "&", "&&amp;", "&a", "&unknown;", "&amp", "&ampx", "AT&T", "&copy2026", "&hearts;", "&#128525;", "&#x1F60Dx", "&nbsp;",
              "&CounterClockwiseContourIntegral;", "&CounterClockwiseContourIntegralx;", "&acE;", "&" + "a" * 40, "&lté", "&fjlig;"]
references += ["x &" + name + "z" for name in rng.sample(names, 300)]
references += ["".join(rng.choice("&#x;0123456789abcdfltgmpq ") for _ in range(12)) for _ in range(300)]
write("entities", [{"text": t, "expected": html.unescape(t)} for t in references])

ROOTS = """connect relate hope happy agree plaster motor conflat troubl siz hop tann fall hiss fizz fail fil sky condition ration
valenci hesitanci digit conform radical differ vile analog vietnam predic oper feudal decis hope callous formal sensit sens
triplic form formal electr good reviv allow infer airlin gyroscop adjust defens irrit replac depend adopt homolog commun activ
angular effect bowdler probat rat ceas control roll fly die tie spy enjoy play say cry love hate delay cancel cancell travel wait
y yy syzygy toy by eye éclat café naïv über theolog geolog archaeolog technolog humbl awful success succeed proceed exceed
news inning outing canning howe dy ly ty abl ally ponies caress cat feed bled sing x xx ion nation passion""".split()
ENDINGS = """- s es ed ing eed ied ies y ly er est ness ful fully fulness less ment ement ent ence ance ant able ible ably ally ation ational
tional ization izer ator alism iveness ousness aliti iviti biliti ical icate ative alize iciti al ic ion sion tion ou ism ate iti ous
ive ize ogi logi bli eli entli ousli enci anci lying l ll ss zz""".split()
WORDS = sorted({root + ending.strip("-") for root in ROOTS for ending in rng.sample(ENDINGS, 14)} | set(ROOTS))
original, extended = PorterStemmer(PorterStemmer.MARTIN_EXTENSIONS), PorterStemmer()
write("stems", [{"text": w, "porter": original.stem(w), "nltk": extended.stem(w)} for w in WORDS])

# The earlier systems, from the description of their steps.
NOUNS = {line.split(" ")[0] for line in open(f"{wordnet}/index.noun") if not line.startswith(" ")}
IRREGULAR = {line.split()[0]: line.split()[1:] for line in open(f"{wordnet}/noun.exc")}
PLURALS = [("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")]
PRONOUNS = """i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself
they them their theirs themselves what which who whom this that these those"""
AUXILIARIES = "am is are was were be been being have has had having do does did doing can will should"
SMALL_WORDS = """a an the and but if or because as until while of at by for with about against between into through during before after
above below to from up down in out on off over under again further then once here there when where why how all any both each few more
most other some such own same so than too very just now only no nor not"""
FRAGMENTS = """s t d ll m o re ve y don ain aren couldn didn doesn hadn hasn haven isn ma mightn mustn needn shan shouldn wasn weren won
wouldn"""
STOP_WORDS = set(f"{PRONOUNS} {AUXILIARIES} {SMALL_WORDS} {FRAGMENTS}".split())
CONTRACTIONS = {"can't": "can not", "won't": "will not", "don't": "do not", "didn't": "did not", "isn't": "is not", "i'm": "i am",
                "it's": "it is", "you're": "you are", "i've": "i have", "we'll": "we will", "i'd": "i would", "gonna": "going to",
                "wanna": "want to", "that's": "that is"}
EMOTICONS = {":)": "smile", ":-)": "smile", ":(": "sad", ":-(": "sad", ":d": "laugh", ":-d": "laugh", "xd": "laugh", ";)": "wink",
             ";-)": "wink", ":/": "annoyed", ":p": "playful", ":-p": "playful", ":'(": "cry", "t_t": "cry"}
tokenizer = NLTKWordTokenizer()


def lemma(word):
    forms = [word] + (IRREGULAR.get(word) or [word[:-len(old)] + new for old, new in PLURALS if word.endswith(old)])
    known = [form for form in forms if form in NOUNS]
    return min(known, key=len) if known else word


def prior_g(text):
    text = html.unescape(text).lower()
    text = re.sub(r"https?://\S+|www\.\S+", "<URL>", text)
    text = re.sub(r"@\w+", "<MENTION>", text)
    text = re.sub(r"#(\w+)", r"# \1", text)
    text = re.sub(r"[^\w\s<>@#!?]", "", text)
    text = re.sub(r"[^\x20-\x7E]", "", text)
    kept = STOP_WORDS - {"no", "not", "nor", "neither", "never", "nobody", "none", "nothing", "nowhere"}
    return " ".join(word for word in map(lemma, tokenizer.tokenize(text)) if word not in kept)


def prior_k(text):
    text = text.lower()
    for short, long in CONTRACTIONS.items(): text = re.sub(rf"\b{short}\b", long, text)
    for emoticon, word in EMOTICONS.items(): text = text.replace(emoticon, f" {word} ")
    text = emoji.demojize(text)
    for pattern in (r"https?://\S+", r"\bhttps?\b", r"@\w+", r"#\w+", r"[?!.]"): text = re.sub(pattern, "", text)
    text = re.sub(f"[{re.escape(string.punctuation)}]", " ", text)
    words = [w for w in tokenizer.tokenize(re.sub(r"\s+", " ", text).strip()) if w not in STOP_WORDS and len(w) > 1]
    return " ".join(extended.stem(word) for word in words)


TWEETS = ["Flew w/ @AirParadis and I'm in love! Epic service, comfy seats and good prices https://t.co/xyz #BestFlight #AirParadis",
          "http://twitpic.com/2y1zl - Awww, that's a bummer.  You should have got the third day to do it. ;D",
          "no  milk &amp; no honey &lt;3 &quot;ok&quot;\nnext line\ttab", "is upset that he can't update his www.page.com/x and http site",
          "@a@b.c x@y.z #1 ##two #three_four #é@q", "cannot gonna GIMME wanna gotta lemme cannotx", "she said “never” don’t ‘go’ now…"]
PARTS = """the a my I you we they not no never and but so is was are were have been will can't won't don't didn't isn't I'm it's gonna wanna
cannot flight flights plane crew seats bags hours delays cities ladies boxes churches children women movies stories wait waiting waited
love loved loves loving hate hated cancelled cancelling great greatest terrible wonderful happy happiness sad quickly really airline airlines
customer service agents people thing things day days night good better best bad worse worst lol omg thanks thank please help helped helping
http://t.co/Ab1 https://a.b/c?d=e#f www.site.com/x @united @Air_Paradis1 #fail #BestDay #2good :) :-( :D ;) :/ :P T_T xD 😍 😂 😊 ❤️ 😭 👍 🙏 ✈️ 🎉
🤷‍♀️ 👏🏽 😡 💔 !!! ... ? , - ( ) " &amp; &lt; &gt; &quot; &#39;s 3rd 25 100% $5 soooo w/ b4 café naïve don’t it’s ½""".split()
TWEETS += [rng.choice([" ", " ", "  "]).join(rng.choice(PARTS) for _ in range(rng.randint(1, 14))) for _ in range(500)]
write("prior", [{"text": t, "g": prior_g(t), "k": prior_k(t)} for t in TWEETS])
