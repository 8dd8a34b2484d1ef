#!/usr/bin/env bash
# Software: grpcio 1.85.3 and h2 4.3.0 (PyPI).
# Expected: a unary call whose response is cut off in the middle of its message, and whose trailers say grpc-status 0, is
#           no success: grpc's own description has INTERNAL for a response that a client can't read, and grpc-go says
#           so.
# Seen:     grpcio's call succeeds with a message of None: no exception, code OK. A load generator or a health check
#           that trusts the status counts it as a success. With a whole message the same server gives the message.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q grpcio==1.85.3 h2==4.3.0

timeout 60 "$folder/venv/bin/python" - <<'END'
import socket, struct, threading
import grpc, h2.config, h2.connection, h2.events

def serve(listener, cut):
    """Answers one call with five bytes, of which so many are left out."""
    peer, _ = listener.accept()
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    peer.sendall(connection.data_to_send())
    while data := peer.recv(65536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.StreamEnded):
                message = b"\0" + struct.pack(">I", 5) + b"hello"
                connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/grpc")])
                connection.send_data(event.stream_id, message[:len(message) - cut])
                connection.send_headers(event.stream_id, [("grpc-status", "0")], end_stream=True)
        peer.sendall(connection.data_to_send())

def call(cut):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, cut), daemon=True).start()
    with grpc.insecure_channel("127.0.0.1:%d" % listener.getsockname()[1]) as channel:
        method = channel.unary_unary("/a.B/C", lambda x: x, lambda x: x)
        try:
            message, outcome = method.with_call(b"", timeout=10)
            return message, outcome.code()
        except grpc.RpcError as error:
            return None, error.code()

whole, half = call(0), call(2)
print("the whole message:", whole)
print("two bytes of five missing:", half)
assert whole == (b"hello", grpc.StatusCode.OK), "the server of this script is broken"
assert half == (None, grpc.StatusCode.OK), "changed: half a message is no success any more"
END
