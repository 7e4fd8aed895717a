"""Puts the function under load: load.py PORT CLIENTS SECONDS BODY, where BODY is short, tokens or one.

Each client sends a request, reads the answer to its end, and sends again. All first requests are complete at the same
time. A single client stops at the first answer with status 200. Prints the number of answers by status, as JSON.
"""

import json
import selectors
import socket
import sys
import time

port, clients, seconds, kind = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
body = json.dumps(
    {
        "short": {"texts": ["so good"] * 128},
        "tokens": {"texts": ["!" * 508] * 128},
        "one": {"text": "!" * 65525},
    }[kind],
    separators=(",", ":"),
).encode()
assert len(body) <= 65536
head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
request = head.encode() + body
selector = selectors.DefaultSelector()
counts = {}


class Client:
    def __init__(self, number):
        self.number = number
        self.start()

    def start(self):
        self.socket, self.sent, self.received = socket.socket(), 0, b""
        self.socket.setblocking(False)
        self.socket.bind(("127.0.%d.%d" % (self.number // 200 + 1, self.number % 200 + 1), 0))
        self.socket.connect_ex(("127.0.0.1", port))
        selector.register(self.socket, selectors.EVENT_WRITE, self)

    def advance(self, end):
        try:
            if self.sent < end:
                self.sent += self.socket.send(request[self.sent : end])
                if self.sent == len(request):
                    selector.modify(self.socket, selectors.EVENT_READ, self)
                return
            if end < len(request):
                return time.sleep(0.001)
            data = self.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError as error:
            data, self.received = b"", str(error).encode()
        self.received = self.received or data[:64]
        if data:
            return
        status = self.received[9:12].decode() if self.received.startswith(b"HTTP/") else "closed"
        counts[status] = counts.get(status, 0) + 1
        selector.unregister(self.socket)
        self.socket.close()
        self.start()


all_clients = [Client(number) for number in range(clients)]
start = time.time()
while time.time() - start < seconds and not (clients == 1 and "200" in counts):
    end = len(request) - 1 if time.time() - start < min(1, seconds / 4) else len(request)
    for key, _ in selector.select(0.1):
        key.data.advance(end)
print(json.dumps(counts))
