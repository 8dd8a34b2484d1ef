// The service of grpc-go's interoperability server, with what that one leaves out: gzip, reflection and
// connections that end.
//
// server PORT TLS_PORT AGEING_PORT CERTIFICATE KEY: on the ageing port a connection is told to go away after 300 ms.
package main

import (
	"log"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop"
	testpb "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
)

func serve(port string, options ...grpc.ServerOption) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(options...)
	testpb.RegisterTestServiceServer(server, interop.NewTestServer(interop.NewTestServerOptions{}))
	checks := health.NewServer()
	checks.SetServingStatus("grpc.testing.TestService", healthpb.HealthCheckResponse_NOT_SERVING)
	healthpb.RegisterHealthServer(server, checks)
	reflection.Register(server)
	go func() { log.Fatal(server.Serve(listener)) }()
}

func main() {
	tls, err := credentials.NewServerTLSFromFile(os.Args[4], os.Args[5])
	if err != nil {
		log.Fatal(err)
	}
	serve(os.Args[1])
	serve(os.Args[2], grpc.Creds(tls))
	serve(os.Args[3], grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionAge: 300 * time.Millisecond}))
	log.Print("listening")
	select {}
}
