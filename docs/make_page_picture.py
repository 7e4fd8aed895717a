"""Makes docs/page.png: a screenshot of the page after it has analysed a tweet.

    make_page_picture.py FUNCTION CHROMIUM OUTPUT.png

FUNCTION is the function binary, `dist/function` after `make build`. CHROMIUM is the command of Chromium or Chrome, such
as `chromium`. The script starts the function on a free port, opens the page in a browser without a window, types a
tweet, and waits for the answer. It needs only Python's standard library, bash and a browser: it uses the DevTools
protocol over two pipes.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

TWEET = "Third delay today and still no gate. @AirParadis, will anybody talk to us?"
SIZE = {"width": 1280, "height": 640, "deviceScaleFactor": 1, "mobile": False}
TYPE_AND_SEND = f"document.getElementById('tweet').value = {json.dumps(TWEET)}; document.getElementById('send').click()"
IS_ANSWERED = "document.getElementById('label') !== null && !document.getElementById('send').disabled"


class Browser:
    """A browser without a window, and one page in it. `call` sends one command of the DevTools protocol."""

    def __init__(self, command, profile):
        commands, self.sender = os.pipe()
        self.receiver, answers = os.pipe()
        # The browser reads commands from file descriptor 3 and writes answers to 4. Each message ends with a zero byte.
        redirect = f'exec "$@" 3<&{commands} 4>&{answers}'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe"]
        self.process = subprocess.Popen(
            ["bash", "-c", redirect, "bash", command, *options, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(commands, answers), stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.buffer, self.last, self.session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.sender, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                received = os.read(self.receiver, 1 << 20)
                if not received:
                    sys.exit("The browser ended before it answered. Start it by hand to see why.")
                self.buffer += received
            text, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == self.last:  # everything else is an event, which this script does not need
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait(self, expression, seconds=20):
        end = time.monotonic() + seconds
        while self.evaluate(expression) is not True:
            if time.monotonic() > end:
                sys.exit(f"The page did not become ready within {seconds} s: {expression}")
            time.sleep(0.05)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.split("\n\n")[1].strip())
    function, chromium, output = sys.argv[1:]
    server = subprocess.Popen([function], stdout=subprocess.PIPE, env={**os.environ, "PORT": "0"})
    try:
        port = int(json.loads(server.stdout.readline())["port"])  # the first log line
        with tempfile.TemporaryDirectory() as profile:
            browser = Browser(chromium, profile)
            browser.call("Emulation.setDeviceMetricsOverride", **SIZE)
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
            browser.call("Page.navigate", url=f"http://127.0.0.1:{port}/")
            browser.wait("document.getElementById('model')?.textContent.includes('by') === true")
            browser.evaluate(TYPE_AND_SEND)
            browser.wait(IS_ANSWERED)
            picture = browser.call("Page.captureScreenshot", format="png")["data"]
            browser.call("Browser.close")
            browser.process.wait(20)
        pathlib.Path(output).write_bytes(base64.b64decode(picture))
    finally:
        server.terminate()
        server.wait(15)


if __name__ == "__main__":
    main()
