"""Where pages go in tests: a web server and a mail server of our own, on loopback, that keep what they are sent."""

import json
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class WebPager:
    """Takes what Apprise's json:// posts. `refuse`: how many of the next ones it answers with 500."""

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []
        self.tries = 0
        self.refuse = 0
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                double.tries += 1
                if double.refuse > 0:
                    double.refuse -= 1
                    self.send_error(500)
                    return
                double.pages.append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """The address as Apprise takes it, with a password that must not get anywhere else."""
        return f"json://nurse:s3cret-pass@127.0.0.1:{self._server.server_port}/page"

    @property
    def texts(self) -> list[str]:
        """The words of each page."""
        return [page["message"] for page in self.pages]

    def __enter__(self) -> "WebPager":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class MailPager:
    """Takes mail by SMTP, as far as sending one needs: no encryption, no password."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        keep = self.mails.append

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _converse(self.rfile.readline, lambda line: self.wfile.write(line.encode() + b"\r\n"), keep)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """The address as Apprise takes it."""
        port = self._server.server_address[1]
        return f"mailto://127.0.0.1:{port}?from=bot@clinic.example&to=nurse@clinic.example&mode=insecure"

    def __enter__(self) -> "MailPager":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _converse(read: Callable[[], bytes], say: Callable[[str], object], keep: Callable[[str], None]) -> None:
    say("220 loopback")
    while line := read().decode().strip():
        if line.upper().startswith("DATA"):
            say("354 go on")
            mail = []
            while (part := read()) not in (b".\r\n", b""):
                mail.append(part.decode())
            keep("".join(mail))
        if line.upper().startswith("QUIT"):
            say("221 bye")
            return
        say("250 fine")
