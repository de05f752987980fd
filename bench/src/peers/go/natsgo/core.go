// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"sync"
	"time"

	"dev.midge/peers/contender"
	"github.com/nats-io/nats.go"
)

// sending publishes, and waits until the server has had all.
type sending struct {
	nc    *nats.Conn
	send  func() error
	meter contender.Meter
}

func (work *sending) Run(duration time.Duration) (contender.Result, error) {
	work.meter.Begin()
	sent, err := contender.SendFor(duration, work.send)
	if err == nil {
		err = work.nc.FlushTimeout(contender.Patience)
	}
	work.meter.End()
	return work.meter.Read(sent), err
}

func (work *sending) Close() {
	work.nc.Close()
}

// receiving is given what another process publishes, by some subscriptions to the same subject.
type receiving struct {
	nc         *nats.Conn
	meter      contender.Meter
	receptions []*contender.Reception
}

func newReceiving(nc *nats.Conn, job contender.Job) (contender.Work, error) {
	work := &receiving{nc: nc}
	for range job.Subscriptions {
		reception := contender.NewReception(&work.meter)
		if err := subscribe(nc, job.Subject, reception); err != nil {
			return nil, err
		}
		work.receptions = append(work.receptions, reception)
	}
	return work, nil
}

func (work *receiving) Run(time.Duration) (contender.Result, error) {
	var messages int64
	for _, reception := range work.receptions {
		messages += reception.Await()
	}
	return work.meter.Read(messages), nil
}

func (work *receiving) Close() {
	work.nc.Close()
}

// loop publishes by one connection what it receives by another one.
type loop struct {
	subscribed, publishing *nats.Conn
	send, end              func() error
	meter                  contender.Meter
	reception              *contender.Reception
}

func newLoop(subscribed *nats.Conn, job contender.Job) (contender.Work, error) {
	publishing, err := connect(job)
	if err != nil {
		return nil, err
	}
	work := &loop{subscribed: subscribed, publishing: publishing, send: sender(publishing, job)}
	job.Size, job.Headers = 0, 0
	work.end = sender(publishing, job)
	work.reception = contender.NewReception(&work.meter)
	return work, subscribe(subscribed, job.Subject, work.reception)
}

func (work *loop) Run(duration time.Duration) (contender.Result, error) {
	work.meter.Begin()
	sent, err := contender.SendFor(duration, work.send)
	if err == nil {
		err = work.end()
	}
	if err == nil {
		err = work.publishing.FlushTimeout(contender.Patience)
	}
	if err != nil {
		return contender.Result{}, err
	}
	received := work.reception.Await()
	if received != sent {
		return contender.Result{}, fmt.Errorf("lost %d of %d messages", sent-received, sent)
	}
	return work.meter.Read(received), nil
}

func (work *loop) Close() {
	work.publishing.Close()
	work.subscribed.Close()
}

// requesting has so many goroutines that each ask again when they have their reply.
type requesting struct {
	nc        *nats.Conn
	request   func() error
	latencies []*contender.Latencies
	all       contender.Latencies
	meter     contender.Meter
}

func newRequesting(nc *nats.Conn, job contender.Job, inFlight int) contender.Work {
	payload := job.Payload()
	work := &requesting{nc: nc, request: func() error {
		_, err := nc.Request(contender.EchoSubject, payload, contender.Patience)
		return err
	}}
	if job.Headers > 0 {
		headers := headers(job)
		work.request = func() error { // a message of its own: the client writes the reply subject into it
			message := &nats.Msg{Subject: contender.EchoSubject, Data: payload, Header: headers}
			_, err := nc.RequestMsg(message, contender.Patience)
			return err
		}
	}
	for range inFlight {
		work.latencies = append(work.latencies, &contender.Latencies{})
	}
	return work
}

func (work *requesting) Run(duration time.Duration) (contender.Result, error) {
	failures := make(chan error, len(work.latencies))
	var group sync.WaitGroup
	work.meter.Begin()
	end := time.Now().Add(duration)
	for _, latencies := range work.latencies {
		group.Go(func() {
			if err := work.requestUntil(end, latencies); err != nil {
				failures <- err
			}
		})
	}
	group.Wait()
	work.meter.End()
	work.all.Reset()
	for _, latencies := range work.latencies {
		work.all.AddAll(latencies)
	}
	select {
	case err := <-failures:
		return contender.Result{}, err
	default:
		return work.meter.Read(work.all.Count()).WithLatencies(&work.all), nil
	}
}

func (work *requesting) requestUntil(end time.Time, latencies *contender.Latencies) error {
	latencies.Reset()
	for start := time.Now(); start.Before(end); {
		if err := work.request(); err != nil {
			return err
		}
		now := time.Now()
		latencies.Add(now.Sub(start))
		start = now
	}
	return nil
}

func (work *requesting) Close() {
	work.nc.Close()
}

// idling has connections with a subscription each that do nothing.
type idling struct {
	connections []*nats.Conn
	meter       contender.Meter
}

func newIdling(first *nats.Conn, job contender.Job) (contender.Work, error) {
	work := &idling{connections: []*nats.Conn{first}}
	for len(work.connections) < job.Connections {
		nc, err := connect(job)
		if err != nil {
			return nil, err
		}
		work.connections = append(work.connections, nc)
	}
	for _, nc := range work.connections {
		if err := subscribe(nc, job.Subject, contender.NewReception(&work.meter)); err != nil {
			return nil, err
		}
	}
	return work, nil
}

func (work *idling) Run(duration time.Duration) (contender.Result, error) {
	work.meter.Begin()
	<-time.After(duration)
	work.meter.End()
	return work.meter.Read(0), nil
}

func (work *idling) Close() {
	for _, nc := range work.connections {
		nc.Close()
	}
}
