// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

// The other side of GoInteropIT: NATS Streaming as stan.go has it.
//
//	interop publish URL CHANNEL COUNT    publishes go 1, go 2, ... and says OK
//	interop subscribe URL CHANNEL COUNT  says READY, and with a durable each message as "sequence text"; ends with its input
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/stan.go"
)

const patience = 30 * time.Second

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Println("FAILED", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return errors.New("usage: interop publish|subscribe URL CHANNEL COUNT")
	}
	count, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	nc, err := nats.Connect(args[1], nats.Timeout(patience))
	if err != nil {
		return err
	}
	defer nc.Close()
	sc, err := stan.Connect("test-cluster", "go-client", stan.NatsConn(nc), stan.ConnectWait(patience))
	if err != nil {
		return err
	}
	if args[0] == "publish" {
		for i := 1; i <= count; i++ {
			if err := sc.Publish(args[2], []byte("go "+strconv.Itoa(i))); err != nil {
				return err
			}
		}
		fmt.Println("OK")
		return sc.Close()
	}
	return subscribe(sc, args[2], count)
}

func subscribe(sc stan.Conn, channel string, count int) error {
	seen := make(chan *stan.Msg, count)
	sub, err := sc.Subscribe(channel, func(m *stan.Msg) {
		m.Ack()
		seen <- m
	}, stan.DurableName("go"), stan.DeliverAllAvailable(), stan.SetManualAckMode())
	if err != nil {
		return err
	}
	fmt.Println("READY")
	for i := 0; i < count; i++ {
		select {
		case m := <-seen:
			fmt.Println("GOT", m.Sequence, string(m.Data))
		case <-time.After(patience):
			return errors.New("no message came")
		}
	}
	io.Copy(io.Discard, os.Stdin)
	if err := sub.Close(); err != nil {
		return err
	}
	return sc.Close()
}
