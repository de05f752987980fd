// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

// stan.go as a contender of bench/midge compare, with its defaults but for the number of acks under way.
package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"dev.midge/peers/contender"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/stan.go"
)

func main() {
	contender.Main("stan.go "+stan.Version, prepare)
}

// storing publishes to a channel, and waits until all is acknowledged.
type storing struct {
	nc    *nats.Conn
	sc    stan.Conn
	send  func() error
	acks  sync.WaitGroup
	meter contender.Meter

	lock    sync.Mutex
	failure error
}

func prepare(job contender.Job) (contender.Work, error) {
	if job.Workload != "stan-publish" {
		return nil, fmt.Errorf("unknown workload: %s", job.Workload)
	}
	nc, err := nats.Connect(job.URL, nats.Timeout(contender.Patience)) // that is not measured
	if err != nil {
		return nil, err
	}
	sc, err := stan.Connect(
		job.Cluster,
		fmt.Sprintf("stan-go-%d", os.Getpid()),
		stan.NatsConn(nc),
		stan.ConnectWait(contender.Patience),
		stan.MaxPubAcksInflight(job.InFlight))
	if err != nil {
		return nil, err
	}
	work := &storing{nc: nc, sc: sc}
	payload := job.Payload()
	work.send = func() error {
		work.acks.Add(1)
		_, err := sc.PublishAsync(job.Subject, payload, work.acked)
		return err
	}
	return work, nil
}

func (work *storing) acked(_ string, failure error) {
	if failure != nil {
		work.lock.Lock()
		work.failure = failure
		work.lock.Unlock()
	}
	work.acks.Done()
}

func (work *storing) Run(duration time.Duration) (contender.Result, error) {
	work.meter.Begin()
	sent, err := contender.SendFor(duration, work.send)
	if err != nil {
		return contender.Result{}, err
	}
	work.acks.Wait()
	work.meter.End()
	work.lock.Lock()
	defer work.lock.Unlock()
	return work.meter.Read(sent), work.failure
}

func (work *storing) Close() {
	_ = work.sc.Close()
	work.nc.Close()
}
