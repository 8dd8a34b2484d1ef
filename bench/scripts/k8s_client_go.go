// The work of k8s.lua by client-go, in a plain loop without its throttle: bench/k8s.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	check(err)
	config.QPS, config.Burst = -1, 0
	client, err := kubernetes.NewForConfig(config)
	check(err)
	count, err := strconv.Atoi(os.Getenv("COUNT"))
	check(err)
	workers, err := strconv.Atoi(os.Getenv("VUS"))
	check(err)
	names := make(chan string)
	var group sync.WaitGroup
	maps, ctx := client.CoreV1().ConfigMaps("default"), context.Background()
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for name := range names {
				object := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: name}, Data: map[string]string{"x": "1"}}
				_, err := maps.Create(ctx, object, meta.CreateOptions{FieldManager: "bench"})
				check(err)
				_, err = maps.Get(ctx, name, meta.GetOptions{})
				check(err)
				check(maps.Delete(ctx, name, meta.DeleteOptions{}))
			}
		}()
	}
	for i := 0; i < count; i++ {
		names <- fmt.Sprintf("bench-%d", i)
	}
	close(names)
	group.Wait()
}
