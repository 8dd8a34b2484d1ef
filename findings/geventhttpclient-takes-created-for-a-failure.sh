#!/usr/bin/env bash
# Software: geventhttpclient 2.6.1 (PyPI), its UserAgent.
# Expected: an answer with a status of 2xx is a success (RFC 9110, 15.3): 201, 202 and 204 are what APIs answer to what
#           was created, will be done, or has nothing to say.
# Seen:     200 and 206 are successes; 201, 202, 203, 204 and 205 raise BadStatusCode, as 404 and 500 do. Load on an API
#           that creates things is a load of errors.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q geventhttpclient==2.6.1

timeout 60 "$folder/venv/bin/python" - <<'END'
import http.server, threading
from geventhttpclient.useragent import BadStatusCode, UserAgent

class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()

seen = {}
for status in (200, 201, 202, 203, 204, 205, 206, 404, 500):
    try:
        seen[status] = UserAgent(max_retries=0).urlopen(f"http://127.0.0.1:{server.server_port}/{status}").status_code
    except BadStatusCode as error:
        seen[status] = type(error).__name__
    print(f"{status}: {seen[status]}")
refused = [status for status, outcome in seen.items() if outcome == "BadStatusCode"]
assert refused == [201, 202, 203, 204, 205, 404, 500], f"changed: refused are {refused}"
END
