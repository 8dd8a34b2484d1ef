#!/usr/bin/env bash
# Software: openai 3.57.0 (PyPI), OpenAI's client for Python.
# Expected: a streamed completion ends well with a finish_reason and `data: [DONE]`; a stream without either, or an
#           error object in JSON where a stream was asked for, raises an exception.
# Seen:     a stream whose server stops in the middle of a sentence, with the chunked body ended as it should be, is an
#           answer as any other; and an error with status 200 is a stream without a single chunk. Neither raises
#           anything, so a program that counts exceptions counts no failure.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q openai==3.57.0

timeout 60 "$folder/venv/bin/python" - <<'END'
import http.server, json, threading
import openai

def chunk(text):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"

ANSWERS = {
    "stops": ("text/event-stream", chunk("The sea has") + chunk(" tides because")),
    "error": ("application/json", json.dumps({"error": {"message": "out of memory", "type": "server_error"}})),
}

class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind, text = ANSWERS[body["model"]]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(f"{len(text):x}\r\n{text}\r\n0\r\n\r\n".encode())

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="x", max_retries=0, timeout=10)

seen = {}
for model in ANSWERS:
    try:
        stream = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "?"}], stream=True)
        seen[model] = [piece.choices[0].delta.content for piece in stream]
    except openai.OpenAIError as error:
        seen[model] = repr(error)
    print(f"{model}: {seen[model]}")
assert seen["stops"] == ["The sea has", " tides because"], "changed: a stream that stops is no answer any more"
assert seen["error"] == [], "changed: an error instead of a stream is no empty stream any more"
END
