// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dev.midge/peers/contender"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// storing publishes to a stream, and waits until all is acknowledged.
type storing struct {
	nc       *nats.Conn
	js       jetstream.JetStream
	send     func() error
	failures chan error
	meter    contender.Meter
}

func newStoring(nc *nats.Conn, job contender.Job) (contender.Work, error) {
	work := &storing{nc: nc, failures: make(chan error, 1)}
	var err error
	work.js, err = jetstream.New(
		nc,
		jetstream.WithPublishAsyncMaxPending(job.InFlight),
		jetstream.WithPublishAsyncErrHandler(func(_ jetstream.JetStream, _ *nats.Msg, failure error) {
			select {
			case work.failures <- failure:
			default: // one is enough
			}
		}))
	payload := job.Payload()
	work.send = func() error {
		_, err := work.js.PublishAsync(job.Subject, payload)
		return err
	}
	if job.Headers > 0 {
		headers := headers(job)
		work.send = func() error {
			_, err := work.js.PublishMsgAsync(&nats.Msg{Subject: job.Subject, Data: payload, Header: headers})
			return err
		}
	}
	return work, err
}

func (work *storing) Run(duration time.Duration) (contender.Result, error) {
	work.meter.Begin()
	sent, err := contender.SendFor(duration, work.sendOne)
	if err != nil {
		return contender.Result{}, err
	}
	select {
	case <-work.js.PublishAsyncComplete():
	case <-time.After(contender.Patience):
		return contender.Result{}, fmt.Errorf("%d acks did not come", work.js.PublishAsyncPending())
	}
	work.meter.End()
	select {
	case err := <-work.failures:
		return contender.Result{}, err
	default:
		return work.meter.Read(sent), nil
	}
}

// sendOne tries again where the client has waited for room for as long as it does by default.
func (work *storing) sendOne() error {
	for {
		if err := work.send(); !errors.Is(err, jetstream.ErrTooManyStalledMsgs) {
			return err
		}
	}
}

func (work *storing) Close() {
	work.nc.Close()
}

// consuming consumes what is in a stream, with an ack for each message.
type consuming struct {
	nc       *nats.Conn
	consumer jetstream.Consumer
	meter    contender.Meter
}

func newConsuming(nc *nats.Conn, job contender.Job) (contender.Work, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	patient, cancel := context.WithTimeout(context.Background(), contender.Patience)
	defer cancel()
	consumer, err := js.Consumer(patient, job.Stream, job.Consumer)
	return &consuming{nc: nc, consumer: consumer}, err
}

func (work *consuming) Run(time.Duration) (contender.Result, error) {
	reception := contender.NewReception(&work.meter)
	failures := make(chan error, 1)
	consumption, err := work.consumer.Consume(func(message jetstream.Msg) {
		if err := message.Ack(); err != nil {
			select {
			case failures <- err:
			default: // one is enough
			}
		}
		reception.Received(len(message.Data()))
	})
	if err != nil {
		return contender.Result{}, err
	}
	messages := reception.Await()
	err = work.nc.FlushTimeout(contender.Patience)
	work.meter.End()
	consumption.Stop()
	<-consumption.Closed()
	select {
	case err = <-failures:
	default:
	}
	return work.meter.Read(messages), err
}

func (work *consuming) Close() {
	work.nc.Close()
}
