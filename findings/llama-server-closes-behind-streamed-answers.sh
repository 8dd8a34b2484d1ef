#!/usr/bin/env bash
# Software: llama.cpp's server, as in xllamacpp 2026.10.11549 (PyPI).
# Expected: a streamed answer is chunked and its head says "Keep-Alive: timeout=5, max=100", so the connection is there
#           for the next request for five seconds, as it is after an answer that is not streamed.
# Seen:     the server closes the connection right behind the last chunk of each streamed answer, without having said
#           so. A client that sends its next request at once loses it.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q xllamacpp==2026.10.11549 gguf==0.19.0 'numpy<3'

cat >"$folder/serve.py" <<'END'
"""Writes a tiny model of random weights and serves it on a free port, which it prints."""
import pathlib, signal, socket, sys
import gguf, numpy, xllamacpp

path = str(pathlib.Path(sys.argv[1]) / "tiny.gguf")
width, inner, heads, context = 64, 128, 4, 256
random = numpy.random.default_rng(1)
weights = lambda *shape: (0.1 * random.standard_normal(shape)).astype(numpy.float32)
plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
other = [byte for byte in range(256) if byte not in plain]
tokens = [chr(byte) if byte in plain else chr(0x100 + other.index(byte)) for byte in range(256)] + ["<bos>", "<eos>"]
model = gguf.GGUFWriter(path, "llama")
model.add_context_length(context); model.add_embedding_length(width); model.add_feed_forward_length(inner)
model.add_block_count(1); model.add_head_count(heads); model.add_head_count_kv(heads)
model.add_layer_norm_rms_eps(1e-5); model.add_rope_dimension_count(width // heads); model.add_vocab_size(len(tokens))
model.add_tokenizer_model("gpt2"); model.add_tokenizer_pre("gpt-2"); model.add_token_list(tokens)
model.add_token_types([1] * 256 + [3, 3]); model.add_token_merges(["a b"])
model.add_bos_token_id(256); model.add_eos_token_id(257)
output = numpy.zeros((len(tokens), width), numpy.float32)
output[0x21:0x7F] = 10 * weights(0x7F - 0x21, width)
model.add_tensor("token_embd.weight", weights(len(tokens), width))
model.add_tensor("output.weight", output)
model.add_tensor("output_norm.weight", numpy.ones(width, numpy.float32))
for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
    model.add_tensor(f"blk.0.{name}.weight", weights(width, width))
for name, shape in (("ffn_gate", (inner, width)), ("ffn_up", (inner, width)), ("ffn_down", (width, inner))):
    model.add_tensor(f"blk.0.{name}.weight", weights(*shape))
for name in ("attn_norm", "ffn_norm"):
    model.add_tensor(f"blk.0.{name}.weight", numpy.ones(width, numpy.float32))
model.write_header_to_file(); model.write_kv_data_to_file(); model.write_tensors_to_file(); model.close()

with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
parameters = xllamacpp.CommonParams()
parameters.model.path, parameters.hostnames, parameters.port = path, ["127.0.0.1"], port
parameters.n_ctx, parameters.n_parallel, parameters.n_gpu_layers = 2 * context, 2, 0
parameters.warmup, parameters.cpuparams.n_threads = False, 1
server = xllamacpp.Server(parameters)
print("port", port, flush=True)
signal.pause()
END
"$folder/venv/bin/python" "$folder/serve.py" "$folder" >"$folder/out" 2>"$folder/log" &
server=$!
for _ in {1..300}; do grep -qs '^port ' "$folder/out" && break; sleep 0.1; done
port=$(sed -n 's/^port //p' "$folder/out")
[ -n "$port" ] || { tail "$folder/log"; echo "the server did not start"; exit 2; }

python3 - "$port" <<'END'
import json, select, socket, sys, time

def ask(stream):
    """The answer's head, and after how many milliseconds behind its end the server closed, or None within a second."""
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
    body = json.dumps({"prompt": "a", "max_tokens": 4, "stream": stream})
    connection.sendall(f"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
    answer, end = b"", b"\r\n0\r\n\r\n" if stream else b"}}"
    while not answer.endswith(end):
        answer += connection.recv(65536)
    began = time.monotonic()
    closed = bool(select.select([connection], [], [], 1)[0]) and connection.recv(1) == b""
    return answer.split(b"\r\n\r\n")[0].decode(), (time.monotonic() - began) * 1000 if closed else None

streamed = [ask(True) for _ in range(5)]
whole = [ask(False) for _ in range(2)]
print(streamed[0][0])
print("streamed: closed after", ["never" if after is None else f"{after:.2f} ms" for _, after in streamed])
print("whole: closed within a second:", [after is not None for _, after in whole])
assert all("Keep-Alive: timeout=5" in head and "Connection: close" not in head for head, _ in streamed), "other heads"
assert all(after is not None for _, after in streamed), "changed: a streamed answer's connection is kept"
assert all(after is None for _, after in whole), "changed: a whole answer's connection is closed, too"
END
