// web is the workload of the lab's tests: a server that says where it runs, and the client to ask one from inside a pod.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const usage = `usage:
  web [serve]        answer every request on :8080 (or $PORT) with this pod's host name
  web get URL        print the answer; fails on any status but 200
  web lookup NAME    print the addresses of a name, one a line
  web sleep          wait for the end`

const limit = 5 * time.Second

func main() {
	command, argument := "serve", ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	if len(os.Args) > 2 {
		argument = os.Args[2]
	}
	if err := run(command, argument); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(command, argument string) error {
	switch command {
	case "serve":
		return serve()
	case "get":
		return get(argument)
	case "lookup":
		return lookup(argument)
	case "sleep":
		return sleep()
	default:
		return fmt.Errorf("%s", usage)
	}
}

func serve() error {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	server := &http.Server{Addr: ":" + port, Handler: answer(name)}
	go func() {
		sleep()
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		server.Shutdown(ctx)
	}()
	log.Printf("%s listens on :%s", name, port)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func answer(name string) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		client, _, _ := net.SplitHostPort(request.RemoteAddr)
		writer.Header().Set("X-Client", client)
		fmt.Fprintln(writer, name)
	})
}

func get(url string) error {
	client := &http.Client{Timeout: limit}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}

func lookup(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return err
	}
	fmt.Println(strings.Join(addresses, "\n"))
	return nil
}

func sleep() error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	<-signals
	return nil
}
