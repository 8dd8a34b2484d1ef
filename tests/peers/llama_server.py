"""llama_server.py MODEL PORT: llama.cpp's server on 127.0.0.1, with two slots of 256 tokens each."""

import signal
import sys

import xllamacpp

model, port = sys.argv[1:]
parameters = xllamacpp.CommonParams()
parameters.model.path = model
parameters.hostnames = ["127.0.0.1"]
parameters.port = int(port)
parameters.n_ctx = 512
parameters.n_parallel = 2
parameters.n_gpu_layers = 0
parameters.warmup = False
parameters.cpuparams.n_threads = 1
server = xllamacpp.Server(parameters)
print("llama.cpp listens", flush=True)
signal.pause()
