#!/usr/bin/env bash
# Software: Triton 2.51.0, as in nvidia-pytriton 0.7.0, and its Python client tritonclient 2.73.0 (both PyPI; the shared
#           library of the system's Python is needed too, Debian's libpython3.11).
# Expected: a model whose name has a character that paths may or may not encode, such as "+", is served under both
#           spellings, since %2B and + name the same in a path (RFC 3986, 2.4; + is not special there), and Triton's
#           client can use any model that Triton lists as ready.
# Seen:     Triton compares the path as it comes, without decoding it; its client encodes the name. So the client is told
#           that the model which the index has as READY is unknown, and says False for "is it ready?". A client that
#           sends the "+" as it is gets through.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
PATH=/usr/bin:$PATH python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --no-deps nvidia-pytriton==0.7.0 numpy==1.26.4
python3 -m venv "$folder/client"
"$folder/client/bin/pip" install -q 'tritonclient[http]==2.73.0'
python=$("$folder/venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
site=$folder/venv/lib/python$python/site-packages
mkdir "$folder/backends"
cp -r "$site/pytriton/tritonserver/backends/python" "$folder/backends"
cp "$site/pytriton/tritonserver/python_backend_stubs/$python/triton_python_backend_stub" "$folder/backends/python"
mkdir -p "$folder/models/a+b/1"
cat >"$folder/models/a+b/config.pbtxt" <<'END'
backend: "python"
input [ { name: "x" data_type: TYPE_FP32 dims: [ -1 ] } ]
output [ { name: "y" data_type: TYPE_FP32 dims: [ -1 ] } ]
instance_group [ { kind: KIND_CPU } ]
END
cat >"$folder/models/a+b/1/model.py" <<'END'
import triton_python_backend_utils as triton

class TritonPythonModel:
    def execute(self, requests):
        inputs = [triton.get_input_tensor_by_name(request, "x").as_numpy() for request in requests]
        return [triton.InferenceResponse([triton.Tensor("y", values)]) for values in inputs]
END
ports=($(python3 -c 'import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(one.getsockname()[1] for one in sockets))'))
LD_LIBRARY_PATH=$site/nvidia_pytriton.libs PATH=$folder/venv/bin:$PATH "$site/pytriton/tritonserver/bin/tritonserver" \
  --model-repository="$folder/models" --backend-directory="$folder/backends" --disable-auto-complete-config \
  --http-address=127.0.0.1 --http-port="${ports[0]}" --grpc-address=127.0.0.1 --grpc-port="${ports[1]}" \
  --metrics-address=127.0.0.1 --metrics-port="${ports[2]}" >"$folder/log" 2>&1 &
server=$!
for _ in {1..300}; do grep -qs 'Started Metrics Service' "$folder/log" && break; sleep 0.1; done
grep -q 'Started Metrics Service' "$folder/log" || { tail "$folder/log"; echo "Triton did not start"; exit 2; }

timeout 30 "$folder/client/bin/python" - "${ports[0]}" <<'END'
import sys, urllib.request
import tritonclient.http

client = tritonclient.http.InferenceServerClient(f"127.0.0.1:{sys.argv[1]}")
index = client.get_model_repository_index()
print("the index:", index)
ready = client.is_model_ready("a+b")
print("the client, is it ready?", ready)
try:
    client.get_model_metadata("a+b")
    said = None
except Exception as error:
    said = str(error)
print("the client, its metadata?", said)
with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/v2/models/a+b/ready", timeout=10) as response:
    plain = response.status
print("GET /v2/models/a+b/ready as it is:", plain)
assert index == [{"name": "a+b", "version": "1", "state": "READY"}], "the model is not there"
assert plain == 200, "changed: the plain spelling is not taken"
assert ready is False and said and "a%2Bb" in said, "changed: the client's spelling is taken"
END
