// Go's net/http: one Transport for all, which keeps as many idle connections as there are requests in
// flight; no compression; read buffers of 64 KiB for large bodies, of 4 KiB (the default) for small
// ones; bodies read into a buffer of the announced length; TLS sessions resumed. TCP_NODELAY is Go's
// default, and so is one P for a process pinned to one core. The command line and what is printed:
// peers/load.hpp.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	streamedFrom = 16 << 20
	comparedUpTo = 4096
)

var expected = strings.Repeat("x", comparedUpTo)

type load struct {
	url                       string
	count, concurrency, bytes int64
}

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

func newClient(job load, caFile string) *http.Client {
	transport := &http.Transport{
		MaxIdleConns:        int(job.concurrency),
		MaxIdleConnsPerHost: int(job.concurrency),
		DisableCompression:  true,
		TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	if job.bytes > comparedUpTo {
		transport.ReadBufferSize = 64 << 10
	}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			fail(err)
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, ClientSessionCache: tls.NewLRUClientSessionCache(64)}
	}
	return &http.Client{Transport: transport}
}

func request(client *http.Client, job load) {
	response, err := client.Get(job.url)
	if err != nil {
		fail(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 || response.ContentLength != job.bytes {
		fail("a wrong answer")
	}
	if job.bytes >= streamedFrom {
		if length, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, response.Body, make([]byte, 256<<10)); err != nil || length != job.bytes {
			fail("a wrong length")
		}
		return
	}
	body := make([]byte, job.bytes)
	if _, err := io.ReadFull(response.Body, body); err != nil {
		fail(err)
	}
	if _, err := response.Body.Read(make([]byte, 1)); err != io.EOF {
		fail("a body that is too long")
	}
	if job.bytes <= comparedUpTo && string(body) != expected[:job.bytes] {
		fail("a wrong body")
	}
}

func run(client *http.Client, job load, count int64) {
	var all sync.WaitGroup
	for i := int64(0); i < job.concurrency; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for atomic.AddInt64(&count, -1) >= 0 {
				request(client, job)
			}
		}()
	}
	all.Wait()
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	seconds := func(time syscall.Timeval) float64 { return float64(time.Sec) + float64(time.Usec)*1e-6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func main() {
	if len(os.Args) != 5 && len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: go_client URL COUNT CONCURRENCY BYTES [CA_FILE]")
		os.Exit(2)
	}
	job := load{os.Args[1], number(os.Args[2]), number(os.Args[3]), number(os.Args[4])}
	caFile := ""
	if len(os.Args) == 6 {
		caFile = os.Args[5]
	}
	client := newClient(job, caFile)
	run(client, job, 2*job.concurrency)
	cpu, begun := cpuSeconds(), time.Now()
	run(client, job, job.count)
	fmt.Printf("%d %.6f %.6f\n", job.count, cpuSeconds()-cpu, time.Since(begun).Seconds())
}
