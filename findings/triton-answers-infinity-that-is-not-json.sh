#!/usr/bin/env bash
# Software: Triton 2.51.0, as in nvidia-pytriton 0.7.0 (PyPI; the shared library of the system's Python is needed too,
#           Debian's libpython3.11).
# Expected: a model that computes infinity from finite numbers, as FP32 models do when they overflow, is answered with an
#           error, with null, or with some text that JSON has (RFC 8259, 6: "Numeric values that cannot be represented
#           in the grammar (such as Infinity and NaN) are not permitted").
# Seen:     status 200, Content-Type application/json, and the bare words Infinity and NaN, which no strict parser of JSON
#           takes, be it a browser's, Go's or Rust's. Python's reads them, so Triton's own client does not notice.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
PATH=/usr/bin:$PATH python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --no-deps nvidia-pytriton==0.7.0 numpy==1.26.4
python=$("$folder/venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
site=$folder/venv/lib/python$python/site-packages
mkdir "$folder/backends"
cp -r "$site/pytriton/tritonserver/backends/python" "$folder/backends"
cp "$site/pytriton/tritonserver/python_backend_stubs/$python/triton_python_backend_stub" "$folder/backends/python"
mkdir -p "$folder/models/tenfold/1"
cat >"$folder/models/tenfold/config.pbtxt" <<'END'
backend: "python"
input [ { name: "x" data_type: TYPE_FP32 dims: [ -1 ] } ]
output [ { name: "y" data_type: TYPE_FP32 dims: [ -1 ] } ]
instance_group [ { kind: KIND_CPU } ]
END
cat >"$folder/models/tenfold/1/model.py" <<'END'
import numpy
import triton_python_backend_utils as triton

class TritonPythonModel:
    def execute(self, requests):
        tenfold = [10 * triton.get_input_tensor_by_name(request, "x").as_numpy() for request in requests]
        return [triton.InferenceResponse([triton.Tensor("y", numpy.append(y, y[-1] - y[-1]))]) for y in tenfold]
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

timeout 30 python3 - "${ports[0]}" <<'END'
import json, sys, urllib.request

body = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": [1.5, 3e38]}]}
request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/v2/models/tenfold/infer", json.dumps(body).encode())
with urllib.request.urlopen(request, timeout=10) as response:
    text = response.read().decode()
    print(response.status, response.headers["Content-Type"], text)

def refuse(word):
    raise ValueError(f"{word} is not JSON")

try:
    json.loads(text, parse_constant=refuse)
except ValueError as error:
    print("a strict parser:", error)
else:
    raise SystemExit("changed: the answer is JSON")
assert "[15.0,Infinity,NaN]" in text, "changed: infinity is written in another way"
END
