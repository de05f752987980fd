// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

// Package contender is what a client written in Go is measured by: its side of the conversation with bench/midge compare.
//
// A program says "ready", and answers each line "run SECONDS" with what came of it, until "quit" or the end of its input.
package contender

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Patience is how long something may take that is not measured.
const Patience = 60 * time.Second

// EchoSubject is what requests are sent to.
const EchoSubject = "bench.echo"

// Job is what a contender is to do, as its command line says it.
type Job struct {
	Workload, URL, Subject, Stream, Consumer, Cluster   string
	Size, Headers, Subscriptions, Connections, InFlight int
}

// Work is a workload, prepared.
type Work interface {
	// Run takes a turn: for so long, or until the end of what comes.
	Run(time.Duration) (Result, error)
	Close()
}

// Main is the program: of a client of that name, whose work is prepared by a function.
func Main(client string, prepare func(Job) (Work, error)) {
	if err := takeTurns(client, prepare); err != nil {
		fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
}

func takeTurns(client string, prepare func(Job) (Work, error)) error {
	job, err := parse(os.Args[1:])
	if err != nil {
		return err
	}
	work, err := prepare(job)
	if err != nil {
		return err
	}
	defer work.Close()
	fmt.Printf("ready {\"client\":%q}\n", client)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && lines.Text() != "quit" {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || words[0] != "run" {
			return fmt.Errorf("cannot understand the line: %s", lines.Text())
		}
		seconds, err := strconv.ParseFloat(words[1], 64)
		if err != nil {
			return err
		}
		result, err := work.Run(time.Duration(seconds * float64(time.Second)))
		if err != nil {
			return err
		}
		fmt.Println(result.line())
	}
	return lines.Err()
}

func parse(args []string) (Job, error) {
	job := Job{Subject: "bench.compare", Subscriptions: 1, Connections: 1, InFlight: 1}
	var storage string // the parent's concern
	texts := map[string]*string{
		"--workload": &job.Workload, "--url": &job.URL, "--subject": &job.Subject, "--stream": &job.Stream,
		"--storage": &storage, "--consumer": &job.Consumer, "--cluster": &job.Cluster,
	}
	numbers := map[string]*int{
		"--size": &job.Size, "--headers": &job.Headers, "--subscriptions": &job.Subscriptions,
		"--connections": &job.Connections, "--in-flight": &job.InFlight,
	}
	for ; len(args) > 0; args = args[2:] {
		text, number := texts[args[0]], numbers[args[0]]
		if len(args) == 1 || (text == nil && number == nil) {
			return job, fmt.Errorf("unknown argument, or one without a value: %s", args[0])
		}
		if text != nil {
			*text = args[1]
			continue
		}
		value, err := strconv.Atoi(args[1])
		if err != nil || value < 0 {
			return job, fmt.Errorf("%s is %s, but has to be a number", args[0], args[1])
		}
		*number = value
	}
	if job.Workload == "" || job.URL == "" {
		return job, fmt.Errorf("--workload and --url are needed")
	}
	return job, nil
}

// Payload is so many bytes of x.
func (job Job) Payload() []byte {
	return []byte(strings.Repeat("x", job.Size))
}

// HeaderNames are those of each message, whose values are HeaderValue's.
func (job Job) HeaderNames() []string {
	var names []string
	for i := 1; i <= job.Headers; i++ {
		names = append(names, "Bench-Header-"+strconv.Itoa(i))
	}
	return names
}

// HeaderValue belongs to a name.
func HeaderValue(name string) string {
	return "value-" + name[strings.LastIndexByte(name, '-')+1:]
}

// batch is behind how many messages the clock is looked at.
const batch = 64

// SendFor sends for so long; it returns how many.
func SendFor(duration time.Duration, send func() error) (int64, error) {
	var sent int64
	for start := time.Now(); time.Since(start) < duration; sent += batch {
		for i := 0; i < batch; i++ {
			if err := send(); err != nil {
				return sent, err
			}
		}
	}
	return sent, nil
}
