"""Makes docs/page.png: a screenshot of the page after it has analysed a tweet.

    make_page_picture.py FUNCTION CHROMIUM OUTPUT.png

FUNCTION is the function binary, `dist/function` after `make build`. CHROMIUM is the command of Chromium or Chrome, such
as `chromium`. The script starts the function on a free port, opens the page in a browser without a window, types
tweets, and waits for the answers. It needs only Python's standard library, bash and a browser.
"""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "Page"))
from browser import Browser, BrowserError  # noqa: E402

TWEETS = [
    "What a lovely crew, thank you @AirParadis!", "Lost my bag again. Nobody answers the phone.",
    "Third delay today and still no gate. @AirParadis, will anybody talk to us?",
]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.split("\n\n")[1].strip())
    function, chromium, output = sys.argv[1:]
    server = subprocess.Popen([function], stdout=subprocess.PIPE, env={**os.environ, "PORT": "0", "HOST": "127.0.0.1"})
    try:
        address = f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}/"  # the first log line
        browser = Browser(chromium)
        try:
            browser.resize(1280, 1160)
            browser.open(address)
            browser.evaluate("localStorage.setItem('pinson.words', '1'); localStorage.setItem('pinson.language', 'en')")
            browser.open(f"{address}#one")
            browser.call("Page.reload")
            browser.wait("document.getElementById('model')?.textContent.includes('model') === true")
            for tweet in TWEETS:
                browser.evaluate("document.getElementById('tweet').focus(); document.getElementById('tweet').select()")
                browser.type(tweet)
                browser.press("Enter", "\r")
                browser.wait(f"document.querySelector('.words')?.textContent === {json.dumps(tweet)}")
            browser.evaluate("document.activeElement.blur(); document.getAnimations().forEach(animation => animation.finish())")
            browser.picture(output)
        finally:
            browser.close()
    except BrowserError as error:
        sys.exit(str(error))
    finally:
        server.terminate()
        server.wait(15)


if __name__ == "__main__":
    main()
