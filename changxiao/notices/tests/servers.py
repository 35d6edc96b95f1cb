"""Servers that answer as the vendors' do, over real sockets on this machine: HTTP and SMTP."""

import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Got:
    """A request as it came."""

    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Vendor:
    """What came, and what is answered: a list per path, the last of it for ever; else 200 {}."""

    url: str = ""
    got: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)

    def clear(self):
        self.got.clear()
        self.answers.clear()

    def answer(self, path, *said):
        self.answers[path] = list(said)

    def next(self, path):
        waiting = self.answers.get(path.partition("?")[0], [(200, b"{}", {})])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@contextmanager
def http_server():
    vendor = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            vendor.got.append(Got(self.command, self.path, dict(self.headers), body))
            status, said, headers = vendor.next(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        vendor.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield vendor
        server.shutdown()
        thread.join()


@dataclass
class Post:
    """What an SMTP server took, and which command it refuses with what."""

    port: int = 0
    mails: list = field(default_factory=list)
    refuses: dict = field(default_factory=dict)


@contextmanager
def smtp_server():
    post = Post()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line):
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self):
            self.say("220 test")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word in post.refuses:
                    self.say(post.refuses[word])
                elif word == "DATA":
                    self.data()
                else:  # QUIT too: the client hangs up
                    self.say("250 ok")

        def data(self):
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            post.mails.append(b"".join(lines))
            self.say("250 taken")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield post
        server.shutdown()
        thread.join()
