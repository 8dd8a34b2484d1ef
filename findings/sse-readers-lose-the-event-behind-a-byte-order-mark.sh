#!/usr/bin/env bash
# Software: httpx-sse 0.4.3, sseclient-py 1.9.0, aiohttp-sse-client2 0.3.0 and the reader in openai 3.57.0 (all PyPI).
# Expected: two events. The HTML standard (9.2.5, "Parsing an event stream") allows one byte order mark at the start of
#           a stream of events and has readers strip it, as browsers do.
# Seen:     all four take the mark for a part of the first field's name, pass over that field as an unknown one, and
#           deliver the second event only; nothing tells that there was another. Of a stream of tokens it is the first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q httpx==0.28.1 httpx-sse==0.4.3 sseclient-py==1.9.0 urllib3==2.8.0 aiohttp==3.14.5 \
  aiohttp-sse-client2==0.3.0 openai==3.57.0

timeout 60 "$folder/venv/bin/python" - <<'END'
import asyncio, http.server, threading
import httpx, httpx_sse, sseclient, urllib3
from aiohttp_sse_client2 import client as aiohttp_sse
from openai._streaming import SSEDecoder

class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write((b"\xef\xbb\xbf" if self.path == "/mark" else b"") + b"data: first\n\ndata: second\n\n")

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"

def by_httpx_sse(url):
    with httpx.Client(timeout=10) as client, httpx_sse.connect_sse(client, "GET", url) as source:
        return [event.data for event in source.iter_sse()]

def by_sseclient(url):
    return [event.data for event in sseclient.SSEClient(urllib3.request("GET", url, preload_content=False)).events()]

def by_openai(url):
    return [event.data for event in SSEDecoder().iter_bytes(iter([httpx.get(url).content]))]

def by_aiohttp_sse_client2(url):
    async def read():
        events = []
        async with aiohttp_sse.EventSource(url, timeout=10) as source:
            async for event in source:
                events.append(event.data)
                if event.data == "second":
                    return events
    return asyncio.run(read())

for read in (by_httpx_sse, by_sseclient, by_openai, by_aiohttp_sse_client2):
    plain, marked = read(base + "/plain"), read(base + "/mark")
    print(f"{read.__name__[3:]}: without a mark {plain}, with one {marked}")
    assert plain == ["first", "second"], f"{read.__name__} does not read a plain stream"
    assert marked == ["second"], f"changed: {read.__name__} reads {marked}"
END
