"""Opens the page of a running function in a browser, and does what people do with it.

    flows.py CHROMIUM ADDRESS KEY

ADDRESS is that of a function that keeps reports on a volume, and KEY one of its keys with the scope operate. Each check
prints a line; the first one that fails ends the script with status 1.
"""
import json
import sys
import time

from browser import Browser, BrowserError

HOSTILE = '<img src=x onerror="document.title=\'owned\'"><b>"\'=1+1'
NAMES = """[...document.querySelectorAll('a, button, input, select, textarea, progress, [role=region], summary')]
    .filter(node => node.checkVisibility())"""


class Page(Browser):
    """The page, with the actions that several checks share."""

    def __init__(self, command, address):
        super().__init__(command)
        self.address = address

    def start(self, view="one", width=1280, scheme="light", language="en", motion="no-preference"):
        self.resize(width, scheme=scheme, motion=motion)
        self.open(f"{self.address}#{view}")
        self.evaluate(f"localStorage.clear(); localStorage.setItem('pinson.language', '{language}'); sessionStorage.clear()")
        self.call("Page.reload")
        self.wait("document.readyState === 'complete' && document.getElementById('model')?.childNodes.length === 3")

    def fill(self, name, text):
        self.evaluate(f"(node => {{ node.focus(); node.value = ''; node.select?.() }})(document.getElementById('{name}'))")
        self.type(text)

    def text(self, selector):
        return self.evaluate(f"document.querySelector({json.dumps(selector)})?.textContent ?? null")

    def click(self, selector):
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def active(self):
        return self.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")

    def analyse(self, text):
        self.fill("tweet", text)
        self.press("Enter", "\r")
        self.wait(f"document.querySelector('#history-list li span')?.textContent === {json.dumps(text)}")


def expect(condition, what):
    if not condition:
        raise BrowserError(what)


def a_tweet_is_classified_while_it_is_typed(page):
    page.start()
    page.fill("tweet", "late flight")
    page.wait("document.querySelector('#answer-body .bars .first') !== null")
    shares = page.evaluate("[...document.querySelectorAll('#answer-body .number')].map(node => node.textContent)")
    expect(len(shares) == 4, f"three labels and the score of the answer, but {shares}")
    total = sum(float(share.rstrip(' %')) for share in shares[1:])
    expect(abs(total - 100) < 0.3, f"the shares sum to {total}")
    page.wait("document.getElementById('status').textContent !== ''")
    page.wait("document.querySelectorAll('#history-list li').length === 1")
    page.fill("tweet", "late flight again")
    page.wait("document.querySelector('#history-list span')?.textContent === 'late flight again'")
    expect(page.evaluate("document.querySelectorAll('#history-list li').length") == 1, "a draft is kept twice")


def an_empty_tweet_is_explained(page):
    page.start()
    page.click("#send")
    page.wait("document.querySelector('#answer-body [role=alert]')?.textContent === 'Type a tweet first.'")


def the_words_that_decided_are_marked(page):
    page.start()
    page.analyse("late flight and great crew")
    page.click("#answer-body .block button")
    page.wait("document.querySelector('#answer-body .words, #answer-body .block .soft') !== null")
    if page.text(".words") is not None:
        expect(page.text(".words") == "late flight and great crew", "the marked text is another one")
    page.analyse("great crew but late flight")
    page.wait("document.querySelector('#answer-body .block button') === null")


def the_history_is_searched_and_cleared(page):
    page.start()
    for text in ("late flight", "great crew", "lost bag"):
        page.analyse(text)
    listed = "[...document.querySelectorAll('#history-list li button > span:first-child')].map(node => node.textContent)"
    expect(page.evaluate(listed) == ["lost bag", "great crew", "late flight"], "the newest entry is not the first")
    page.fill("search", "crew")
    page.wait(f"JSON.stringify({listed}) === '[\"great crew\"]'")
    page.fill("search", "nothing like it")
    page.wait("document.getElementById('history-none').checkVisibility()")
    page.call("Page.reload")
    page.wait(f"{listed}.length === 3")
    page.click("#history-list li:last-child button")
    page.wait("document.getElementById('tweet').value === 'late flight'")
    page.wait(f"{listed}[0] === 'late flight'")
    page.click("#forget")
    expect(page.evaluate(f"{listed}.length") > 0, "the history was cleared without a question")
    page.click("#forget")
    page.wait("document.getElementById('history').hidden && localStorage.getItem('pinson.history') === null")


def the_history_is_bounded(page):
    page.start()
    page.evaluate("""localStorage.setItem('pinson.history', JSON.stringify(Array.from({ length: 150 },
        (_, index) => ({ text: `old ${index}`, label: 'positive', score: 0.9, time: 1 }))))""")
    page.call("Page.reload")
    page.wait("document.querySelectorAll('#history-list li').length === 6")
    page.analyse("one more")
    kept = page.evaluate("JSON.parse(localStorage.getItem('pinson.history')).map(entry => entry.text)")
    expect(len(kept) == 100 and kept[0] == "one more", f"{len(kept)} entries are kept")
    page.evaluate("localStorage.setItem('pinson.history', '[{\"text\": 5}, null, 3]')")
    page.call("Page.reload")
    page.wait("document.getElementById('history')?.hidden === true")


def a_wrong_answer_is_reported(page):
    page.start()
    page.analyse("late flight")
    label = page.evaluate("JSON.parse(localStorage.getItem('pinson.history'))[0].label")
    page.click("#report button")
    page.wait("document.activeElement.id === 'expected'")
    choices = page.evaluate("[...document.getElementById('expected').options].map(option => option.value)")
    expect(label not in choices and choices[-1] == "" and len(choices) == 3, f"the choices are {choices}")
    page.fill("comment", "It is about a delay.")
    page.click("#report-form .primary")
    page.wait("document.getElementById('report-thanks')?.textContent.includes('is kept') === true")
    expect(page.active() == "report-thanks", "the focus is lost after the report")


def many_tweets_are_analysed_and_downloaded(page):
    page.start("many")
    page.fill("lines", "late flight\n=cmd|'/c calc'!A0\n\n" + "\n".join(f"tweet {number}" for number in range(150)))
    page.wait("document.getElementById('batch-count').textContent === '152 tweets'")
    page.evaluate("""globalThis.saved = undefined; URL.createObjectURL = blob => { saved = blob; return 'blob:none' };
        HTMLAnchorElement.prototype.click = function () { globalThis.savedName = this.download }""")
    page.click("#batch-send")
    page.wait("document.getElementById('download').checkVisibility()")
    expect(page.text("#batch-state") == "Finished: 152 analysed.", page.text("#batch-state"))
    page.click("#download")
    table = page.evaluate("saved.text()")
    lines = table.lstrip("\ufeff").split("\r\n")
    expect(lines[0] == "text,label,score,score_negative,score_neutral,score_positive,error", lines[0])
    expect(len(lines) == 154 and lines[153] == "", f"{len(lines)} lines")
    expect(lines[2].startswith("'=cmd|'/c calc'!A0,"), f"a spreadsheet would compute {lines[2]}")


def a_csv_file_is_read(page):
    page.start("many")
    drop = """(text => { const data = new DataTransfer(); data.items.add(new File([text], 'tweets.csv'));
        document.getElementById('batch').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })) })"""
    page.evaluate(drop + "('id;tweet;when\\r\\n1;\"late; \"\"flight\"\"\\nagain\";x\\r\\n2;great crew;y\\r\\n3; ;z\\r\\n')")
    page.wait("document.getElementById('batch-count').textContent === '2 tweets'")
    chosen = page.evaluate("document.getElementById('column').selectedOptions[0].textContent")
    expect(chosen == "tweet", f"the column is {chosen}")
    page.click("#batch-send")
    page.wait("document.getElementById('download').checkVisibility()")
    cells = page.evaluate("[...document.querySelectorAll('#batch-table tbody tr td:nth-child(2)')].map(cell => cell.textContent)")
    expect(cells == ['late; "flight"\nagain', "great crew"], f"the texts are {cells}")
    page.click("#batch-clear")
    page.evaluate(drop + "('')")
    page.wait("document.getElementById('file-note').textContent === 'The file has no rows with text.'")


def a_batch_is_cancelled(page):
    page.start("many")
    page.evaluate("""(fetch => { globalThis.fetch = async (...values) => { await new Promise(done => setTimeout(done, 200)); return fetch(...values) } })(fetch);
        document.getElementById('lines').value = Array.from({ length: 5000 }, (_, index) => `tweet ${index}`).join('\\n');
        document.getElementById('lines').dispatchEvent(new Event('input'))""")
    page.click("#batch-send")
    page.wait("document.getElementById('progress').value >= 64")
    page.click("#cancel")
    page.wait("document.getElementById('batch-state').textContent.startsWith('Cancelled after ')")
    expect(page.evaluate("document.getElementById('progress').value") < 5000, "nothing was cancelled")
    expect(page.evaluate("document.getElementById('download').checkVisibility()"), "what was analysed is lost")


def text_of_users_is_never_run(page):
    page.start()
    page.evaluate("localStorage.setItem('pinson.words', '1')")
    page.analyse(HOSTILE)
    page.click("#report button")
    page.fill("comment", HOSTILE)
    page.click("#report-form .primary")
    page.wait("document.getElementById('report-thanks') !== null")
    page.fill("search", HOSTILE)
    page.evaluate("location.hash = 'many'")
    page.fill("lines", HOSTILE)
    page.click("#batch-send")
    page.wait("document.getElementById('download').checkVisibility()")
    page.evaluate(f"sessionStorage.setItem('pinson.key', {json.dumps(page.key)}); location.hash = 'operator'")
    page.call("Page.reload")
    page.wait("document.querySelector('.reports') !== null")
    shown = page.text(".reports")
    expect(HOSTILE in shown, "the report is not shown as it was written")
    expect(page.evaluate("document.querySelectorAll('img, main b:not(#history-list b)').length") == 0, "text became an element")
    expect("owned" not in page.evaluate("document.title"), "a script of a user ran")


def the_operator_needs_a_key(page):
    page.start("operator")
    page.wait("document.querySelector('#operator-state button') !== null")
    expect(page.evaluate("document.getElementById('operator-body').childElementCount") == 0, "numbers are shown without a key")
    page.click("#operator-state button")
    page.wait("document.getElementById('key-dialog').open && document.activeElement.id === 'key'")
    page.type("wrong")
    page.press("Enter", "\r")
    page.wait("document.getElementById('key-text').textContent.includes('does not work') && document.getElementById('key-dialog').open")
    page.press("Escape")
    page.wait("!document.getElementById('key-dialog').open && document.activeElement.id !== 'key'")
    page.click("#operator-state button")
    page.wait("document.getElementById('key-dialog').open && document.activeElement.id === 'key'")
    page.type(page.key)
    page.press("Enter", "\r")
    page.wait("document.querySelectorAll('.facts div').length === 4")
    expect(page.evaluate("document.querySelectorAll('.stack').length") >= 1, "there is no chart")
    page.evaluate("document.getElementById('range-hours').focus()")
    page.press("Enter", "\r")
    page.wait("document.getElementById('range-hours').ariaPressed === 'true'")
    expect(page.active() == "range-hours", "the focus is lost after the choice of the period")
    parts = page.evaluate("[...document.querySelectorAll('#operator-body h2')].map(node => node.textContent).join()")
    expect(parts == "Labels over time,Requests over time,Drift,Alerts,Reports", f"the parts are {parts}")
    expect(page.text("#operator-body").count("raise an alert") == 1, "the rule of alerts is not shown")
    page.evaluate("document.querySelector('details').open = true")
    before = page.evaluate("document.querySelectorAll('.reports li').length")
    expect(before > 0, "there are no reports")
    expect(page.evaluate("localStorage.getItem('pinson.key')") is None, "the key is kept after the tab is closed")
    page.click(".reports li button")
    page.click(".reports li button")
    page.wait(f"document.querySelectorAll('.reports li').length === {before - 1}")


def everything_works_with_the_keyboard(page):
    page.start()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    order = []
    for _ in range(9):
        page.press("Tab")
        order.append(page.active())
    wanted = ["Skip to the content", "Pinson", "One tweet", "Many tweets", "Operator", "language", "tweet", "send"]
    expect(order[:8] == wanted, f"the order is {order}")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth")
    expect(ring == "solid3px", f"the focus is not visible: {ring}")
    page.press("Enter", "\r")
    page.wait("document.querySelector('#answer-body .bars .first') !== null")
    for _ in range(30):
        page.press("Tab")
        if page.active() == "Report a wrong answer":
            break
    page.press("Enter", "\r")
    page.wait("document.activeElement.id === 'expected'")
    page.press("ArrowDown")
    for _ in range(2):
        page.press("Tab")
    page.press("Enter", "\r")
    page.wait("document.getElementById('report-thanks') !== null")


def every_control_has_a_name(page):
    for view in ("one", "many", "operator"):
        page.start(view)
        if view == "one":
            page.analyse("late flight")
            page.click("#report button")
        nodes = page.call("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "link", "textbox", "searchbox", "combobox", "progressbar", "image", "region"}
        for node in nodes:
            role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "")
            expect(role not in roles or name.strip() or node.get("ignored"), f"a {role} of the view {view} has no name")
        small = page.evaluate(NAMES + """.filter(node => node.tagName !== 'A' && !node.classList.contains('hidden'))
            .filter(node => { const box = node.getBoundingClientRect(); return box.width < 24 || box.height < 8 }).map(node => node.id)""")
        expect(small == [], f"too small to touch: {small}")


CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = text => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data].map((value, index) => index < 3 ? value : value / 255) }
  const over = (top, under) => top.slice(0, 3).map((value, index) => value * top[3] + under[index] * (1 - top[3]))
  const light = color => { const [r, g, b] = color.map(value => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 }); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const ground = node => { const own = rgba(getComputedStyle(node).backgroundColor); return own[3] === 1 || !node.parentElement ? own.slice(0, 3) : over(own, ground(node.parentElement)) }
  const bad = []
  for (const node of document.querySelectorAll('body *')) {
    if (!node.checkVisibility() || node.closest('.hidden, .skip, script, style, svg, :disabled')) continue
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())) continue
    const style = getComputedStyle(node), back = ground(node), front = over(rgba(style.color), back)
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a)
    const ratio = (high + 0.05) / (low + 0.05)
    if (ratio < 4.5) bad.push(`${node.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`)
  }
  return bad
})()"""


def every_text_has_enough_contrast_and_nothing_is_wider_than_the_window(page):
    for scheme, widths in (("light", (320, 768, 1280, 1920)), ("dark", (320, 1280))):
        for width in widths:
            for view in ("one", "many", "operator"):
                page.start(view, width, scheme, "fr" if width == 320 else "en", motion="reduce")
                page.evaluate(f"sessionStorage.setItem('pinson.key', {json.dumps(page.key)}); localStorage.setItem('pinson.words', '1')")
                if view == "one":
                    page.fill("tweet", "late flight and great crew " + "x" * 200)
                    page.click("#send")
                    page.wait("document.querySelector('#answer-body .words, #answer-body .block .soft') !== null")
                    page.click("#report button")
                elif view == "many":
                    page.fill("lines", "late flight\n" + "y" * 200)
                    page.click("#batch-send")
                    page.wait("document.getElementById('download').checkVisibility()")
                else:
                    page.call("Page.reload")
                    page.wait("document.querySelector('.facts') !== null")
                bad = page.evaluate(CONTRAST)
                expect(bad == [], f"{scheme}, {width} px, {view}: too little contrast: {bad}")
                excess = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                expect(excess <= 0, f"{scheme}, {width} px, {view}: {excess} px too wide")


def the_page_speaks_french(page):
    page.start(language="fr")
    expect(page.evaluate("document.documentElement.lang") == "fr", "the language is not set")
    expect(page.text("h1") == "Comprenez un tweet en un instant", page.text("h1"))
    page.click("#language")
    expect(page.text("h1") == "Understand a tweet at once" and page.text("#language") == "Français", page.text("h1"))


def nothing_moves_for_people_who_do_not_want_it(page):
    page.start(motion="reduce")
    page.analyse("late flight")
    moving = page.evaluate("[...document.querySelectorAll('*')].filter(node => parseFloat(getComputedStyle(node).transitionDuration) > 0).length")
    expect(moving == 0, f"{moving} elements move")


CHECKS = [value for name, value in list(globals().items()) if callable(value) and getattr(value, "__module__", "") == "__main__"
          and name not in ("expect", "Page")]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.split("\n\n")[1].strip())
    chromium, address, key = sys.argv[1:]
    page = Page(chromium, address)
    page.key = key
    failed = False
    try:
        for check in [check for check in CHECKS if check is not main]:
            start = time.monotonic()
            try:
                check(page)
            except BrowserError as error:
                failed = True
                print(f"FAILED {check.__name__}: {error}", flush=True)
                break
            print(f"ok {check.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
        host = address.split("/")[2]
        for event in page.events:
            method, what = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent":
                url = what["request"]["url"]
                problem = None if url.startswith(("data:", "blob:", "about:")) or url.split("/")[2] == host else f"a request to {url}"
            elif method == "Runtime.exceptionThrown":
                problem = what["exceptionDetails"].get("exception", {}).get("description")
            elif method == "Audits.issueAdded":
                problem = json.dumps(what) if what["issue"]["code"] == "ContentSecurityPolicyIssue" else None
            elif method == "Log.entryAdded":
                problem = what["entry"]["text"] if what["entry"]["source"] == "security" else None
            else:
                problem = None
            if problem:
                failed = True
                print(f"FAILED {problem}", flush=True)
    finally:
        page.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
