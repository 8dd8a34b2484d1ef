"""otlp_receiver GRPC_PORT HTTP_PORT: takes OpenTelemetry's metrics by gRPC and by HTTP with protobuf, as its published
messages read them. GET /received: the requests so far, by protocol, as JSON. It refuses a request with the header
x-refuse, and one with x-partly in part.
"""
import http.server
import json
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc

received = {"grpc": [], "http": []}


def take(protocol, request):
    received[protocol].append(MessageToDict(request))


def partly():
    response = metrics_service_pb2.ExportMetricsServiceResponse()
    response.partial_success.rejected_data_points = 2
    response.partial_success.error_message = "two too many"
    return response


class Metrics(metrics_service_pb2_grpc.MetricsServiceServicer):
    def Export(self, request, context):
        metadata = dict(context.invocation_metadata())
        if "x-refuse" in metadata:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "not wanted")
        take("grpc", request)
        return partly() if "x-partly" in metadata else metrics_service_pb2.ExportMetricsServiceResponse()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, content_type, body):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.reply(200, "application/json", json.dumps(received).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = self.path == "/v1/metrics" and self.headers["Content-Type"] == "application/x-protobuf"
        if not wanted or "x-refuse" in self.headers:
            return self.reply(400, "text/plain", b"not wanted")
        take("http", metrics_service_pb2.ExportMetricsServiceRequest.FromString(body))
        response = partly() if "x-partly" in self.headers else metrics_service_pb2.ExportMetricsServiceResponse()
        return self.reply(200, "application/x-protobuf", response.SerializeToString())

    def log_message(self, *_):
        pass


def main():
    grpc_port, http_port = sys.argv[1:]
    server = grpc.server(futures.ThreadPoolExecutor(2))
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(Metrics(), server)
    server.add_insecure_port(f"127.0.0.1:{grpc_port}")
    server.start()
    web = http.server.ThreadingHTTPServer(("127.0.0.1", int(http_port)), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    print("ready", flush=True)
    server.wait_for_termination()


main()
