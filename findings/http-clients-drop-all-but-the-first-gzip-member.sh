#!/usr/bin/env bash
# Software: httpx 0.28.1, httpx2 2.16.2 (in which openai 3.57 speaks HTTP), aiosonic 1.3.3, geventhttpclient 2.6.1 (in
#           which Triton's client speaks it), beside urllib3 2.8.0 and aiohttp 3.14.5 (all PyPI).
# Expected: the whole body, or an error. RFC 1952 (2.2) has a gzip file consist of members one after the other, and RFC
#           9110 (8.4.1.3) has the gzip coding be that format; servers that cache compressed pieces, or compress as they
#           go, send such bodies, and `cat a.gz b.gz` makes one.
# Seen:     urllib3 and aiohttp read all members. The other four return the first one, with status 200 and without a
#           word about the rest.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q httpx==0.28.1 httpx2==2.16.2 aiosonic==1.3.3 geventhttpclient==2.6.1 urllib3==2.8.0 \
  aiohttp==3.14.5

timeout 60 "$folder/venv/bin/python" - <<'END'
import asyncio, gzip, http.server, threading
import aiohttp, aiosonic, httpx, httpx2, urllib3
from geventhttpclient.useragent import UserAgent

BODY = gzip.compress(b"first member, ") + gzip.compress(b"second member")

class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"

async def by_aiohttp():
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.read()

async def by_aiosonic():
    async with aiosonic.HTTPClient() as client:
        response = await client.get(url)
        return response.status_code, await response.content()

def of(response):
    return response.status_code, bytes(response.content)

plain = urllib3.request("GET", url, timeout=10)
seen = {
    "urllib3": (plain.status, plain.data),
    "aiohttp": asyncio.run(by_aiohttp()),
    "httpx": of(httpx.get(url)),
    "httpx2": of(httpx2.get(url)),
    "aiosonic": asyncio.run(by_aiosonic()),
    "geventhttpclient": of(UserAgent().urlopen(url)),
}
for name, (status, body) in seen.items():
    print(f"{name}: {status} {body}")
for name in ("urllib3", "aiohttp"):
    assert seen[name] == (200, b"first member, second member"), f"changed: {name} does not read both members"
for name in ("httpx", "httpx2", "aiosonic", "geventhttpclient"):
    assert seen[name] == (200, b"first member, "), f"changed: {name} does not stop behind the first member"
END
