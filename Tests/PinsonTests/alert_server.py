"""Servers that receive alerts in tests.

    alert_server.py smtp FOLDER PORT MODE [CERTIFICATE KEY]
    alert_server.py http FOLDER PORT STATUS...

Both print their port when they listen; port 0 is chosen by the system. What they accept becomes a file of FOLDER.

The modes of the mail server are words joined by commas: starttls, tls (from the beginning), plain (without TLS), login
(offers AUTH LOGIN only), refuse (refuses the password), greylist (451 for the first recipient), close (closes the connection
after the text of a message), and hang (never answers after it). The password is "right" for the name "pinson".

The web server gives the statuses in their order, and the last one again and again. 429 says `Retry-After: 1`.
"""

import asyncio
import http.server
import json
import pathlib
import ssl
import sys
import uuid

kind, folder, port = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])


def keep(content):
    name = uuid.uuid4().hex
    (folder / (name + ".partial")).write_bytes(content)
    (folder / (name + ".partial")).rename(folder / (name + ".accepted"))


def serve_mail(modes, certificate=None, key=None):
    from aiosmtpd.smtp import SMTP, AuthResult

    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

    class Handler:
        refused = 0

        async def handle_RCPT(self, server, session, envelope, address, options):
            if "greylist" in modes and self.refused == 0:
                self.refused = 1
                return "451 4.7.1 Greylisted, please try again"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            if "close" in modes:
                server.transport.abort()
                return "421 closing"
            if "hang" in modes:
                (folder / "hanging").touch()
                await asyncio.sleep(3600)
            head = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None or "tls" in modes}
            keep(json.dumps(head).encode() + b"\n" + envelope.content)
            return "250 OK, kept"

    def authenticate(server, session, envelope, mechanism, data):
        ok = data.login == b"pinson" and data.password == b"right" and "refuse" not in modes
        return AuthResult(success=ok, handled=False)

    handler = Handler()

    def make():
        return SMTP(
            handler, hostname="localhost", authenticator=authenticate,
            tls_context=context if "starttls" in modes else None, auth_require_tls="starttls" in modes,
            auth_required="plain" not in modes and context is not None,
            auth_exclude_mechanism=["PLAIN"] if "login" in modes else [], loop=asyncio.get_running_loop())

    async def run():
        server = await asyncio.get_running_loop().create_server(
            make, "127.0.0.1", port, ssl=context if "tls" in modes else None)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def serve_web(statuses):
    left = [int(status) for status in statuses]

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = left.pop(0) if len(left) > 1 else left[0]
            if status < 300:
                head = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}
                keep(json.dumps(head).encode() + b"\n" + body)
            answer = b"ok" if status < 300 else b"invalid_token " + self.path.encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if kind == "smtp":
    serve_mail(sys.argv[4].split(","), *sys.argv[5:])
else:
    serve_web(sys.argv[4:])
