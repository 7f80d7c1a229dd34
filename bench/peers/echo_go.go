// Go against the echo server: a goroutine a connection. TCP_NODELAY is Go's default.
//
//	echo_go tcp://127.0.0.1:PORT/ COUNT CONNECTIONS BYTES
package main

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func fail(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		fail(err)
	}
	return value
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	seconds := func(time syscall.Timeval) float64 { return float64(time.Sec) + float64(time.Usec)*1e-6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func run(connections []net.Conn, message string, count int64) {
	var all sync.WaitGroup
	for _, connection := range connections {
		all.Add(1)
		go func(connection net.Conn) {
			defer all.Done()
			question, answer := []byte(message), make([]byte, len(message))
			for atomic.AddInt64(&count, -1) >= 0 {
				if _, err := connection.Write(question); err != nil {
					fail(err)
				}
				if _, err := io.ReadFull(connection, answer); err != nil || string(answer) != message {
					fail("a wrong answer")
				}
			}
		}(connection)
	}
	all.Wait()
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: echo_go tcp://HOST:PORT/ COUNT CONNECTIONS BYTES")
		os.Exit(2)
	}
	server, err := url.Parse(os.Args[1])
	if err != nil {
		fail(err)
	}
	count := number(os.Args[2])
	connections := make([]net.Conn, number(os.Args[3]))
	for i := range connections {
		if connections[i], err = net.Dial("tcp", server.Host); err != nil {
			fail(err)
		}
	}
	message := strings.Repeat("x", int(number(os.Args[4])))
	run(connections, message, 2*int64(len(connections)))
	cpu, begun := cpuSeconds(), time.Now()
	run(connections, message, count)
	fmt.Printf("%d %.6f %.6f\n", count, cpuSeconds()-cpu, time.Since(begun).Seconds())
}
