"""A program beside a system that makes events in it, within the system's own code and its own Python environment.

The systems' interfaces make an event in several slow steps, or not with all its fields; this takes a hundredth of a
second. It imports nothing but Python's own modules, since it runs in environments that are not ours.
"""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def serve(port, make_all, boot_file, boot):
    """Write the object `boot` to a file, then answer each POST of a list of events with those that `make_all` made."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            events = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answer = json.dumps(make_all(events)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = HTTPServer(("127.0.0.1", port), Handler)
    part = Path(f"{boot_file}.part")  # nobody sees half of the file
    part.write_text(json.dumps(boot), "utf-8")
    part.rename(boot_file)
    server.serve_forever()
