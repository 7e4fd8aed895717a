"""A browser without a window, driven over the DevTools protocol. It needs only Python's standard library, bash and Chromium."""
import base64
import json
import os
import select
import subprocess
import tempfile
import time


class BrowserError(Exception):
    """The browser ended, or refused a command, or a page did not become what was expected."""


class Browser:
    """One page in a browser. `call` sends one command; events are kept in `events`."""

    def __init__(self, command):
        commands, self.sender = os.pipe()
        self.receiver, answers = os.pipe()
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        # The browser reads commands from file descriptor 3 and writes answers to 4. Each message ends with a zero byte.
        redirect = f'exec "$@" 3<&{commands} 4>&{answers}'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
                   "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"]
        self.process = subprocess.Popen(
            ["bash", "-c", redirect, "bash", command, *options, f"--user-data-dir={self.profile.name}", "about:blank"],
            pass_fds=(commands, answers), stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.buffer, self.last, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Audits"):
            self.call(f"{domain}.enable")

    def _message(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.receiver], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise BrowserError("The browser did not answer in time.")
            received = os.read(self.receiver, 1 << 20)
            if not received:
                raise BrowserError("The browser ended before it answered. Start it by hand to see why.")
            self.buffer += received
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.sender, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self._message(deadline)
            if answer.get("id") != self.last:
                self.events.append(answer)
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def evaluate(self, expression):
        """The value of an expression of JavaScript, which may be a promise."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def wait(self, expression, seconds=30):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while self._holds(expression) is not True:
            if time.monotonic() > end:
                raise BrowserError(f"This did not become true within {seconds} s: {expression}")
            time.sleep(0.05)

    def _holds(self, expression):
        try:
            return self.evaluate(expression)
        except BrowserError as error:
            if "navigated" in str(error):  # The page is being replaced by the next one.
                return None
            raise

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def resize(self, width, height=900, scheme="light", motion="no-preference"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}])

    def press(self, key, text=None, modifiers=0):
        """Presses a key: a name such as `Tab`, with the text that it types, if it types one."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowDown": 40}
        common = {"key": key, "windowsVirtualKeyCode": codes.get(key, 0), "modifiers": modifiers}
        typed = {"text": text} if text else {}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **common, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(20)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.sender)
        os.close(self.receiver)
        self.profile.cleanup()
