#!/usr/bin/env bash
# Software: llama.cpp's server, as in xllamacpp 2026.10.11549 (PyPI).
# Expected: "usage" of an answer counts the tokens of the whole request, as OpenAI's API has it for several prompts or
#           n > 1; each event of a stream is a chunk, an object.
# Seen:     "usage" counts the first choice only, and a stream has one "usage" for each choice, in the middle of the
#           others' tokens. Whoever takes the (last) usage for the truth sees half of the tokens of two prompts. A
#           stream of several prompts begins with an event whose data is `null`.
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
import json, sys, urllib.request

def post(**body):
    request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/v1/completions", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=10).read().decode()

# Each token of this model is a character.
two_prompts = {"prompt": ["ab", "c"], "max_tokens": 4, "ignore_eos": True}
for name, more in (("two prompts", two_prompts), ("n = 2", {"prompt": "ab", "max_tokens": 4, "n": 2})):
    answer = json.loads(post(**more))
    texts = [choice["text"] for choice in answer["choices"]]
    usage = answer["usage"]["completion_tokens"]
    print(f"{name}: texts {texts}, {sum(map(len, texts))} tokens; usage says {usage}")
    assert len(texts) == 2 and usage < sum(map(len, texts)), "changed: usage counts all choices"

events = [line[6:] for line in post(**two_prompts, stream=True).splitlines() if line.startswith("data: ")]
print("the stream begins with", *events[:2], sep="\n  ")
usages = [json.loads(event)["usage"] for event in events[1:-1] if "usage" in json.loads(event)]
print("usages in the stream:", [usage["completion_tokens"] for usage in usages])
assert events[0] == "null", "changed: the first event is no null"
assert len(usages) == 2, "changed: there are not two usages"
END
