// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

// nats.go as a contender of bench/midge compare: as its users use it, with its defaults, but for pending limits, which
// would have it lose what is counted.
package main

import (
	"fmt"

	"dev.midge/peers/contender"
	"github.com/nats-io/nats.go"
)

func main() {
	contender.Main("nats.go "+nats.Version, prepare)
}

func prepare(job contender.Job) (contender.Work, error) {
	nc, err := connect(job)
	if err != nil {
		return nil, err
	}
	switch job.Workload {
	case "publish":
		return &sending{nc: nc, send: sender(nc, job)}, nil
	case "subscribe", "fan-out":
		return newReceiving(nc, job)
	case "publish-subscribe":
		return newLoop(nc, job)
	case "request":
		return newRequesting(nc, job, 1), nil
	case "request-many":
		return newRequesting(nc, job, job.InFlight), nil
	case "connections", "idle":
		return newIdling(nc, job)
	case "js-publish":
		return newStoring(nc, job)
	case "js-consume":
		return newConsuming(nc, job)
	}
	return nil, fmt.Errorf("unknown workload: %s", job.Workload)
}

// connect takes its time: that is not measured.
func connect(job contender.Job) (*nats.Conn, error) {
	return nats.Connect(job.URL, nats.Timeout(contender.Patience))
}

// sender publishes the message of a job.
func sender(nc *nats.Conn, job contender.Job) func() error {
	payload := job.Payload()
	if job.Headers == 0 {
		return func() error { return nc.Publish(job.Subject, payload) }
	}
	message := &nats.Msg{Subject: job.Subject, Data: payload, Header: headers(job)}
	return func() error { return nc.PublishMsg(message) }
}

func headers(job contender.Job) nats.Header {
	headers := nats.Header{}
	for _, name := range job.HeaderNames() {
		headers.Set(name, contender.HeaderValue(name))
	}
	return headers
}

// subscribe has a reception given what comes, without a limit to what waits for it.
func subscribe(nc *nats.Conn, subject string, reception *contender.Reception) error {
	subscription, err := nc.Subscribe(subject, func(message *nats.Msg) { reception.Received(len(message.Data)) })
	if err != nil {
		return err
	}
	if err := subscription.SetPendingLimits(-1, -1); err != nil {
		return err
	}
	return nc.FlushTimeout(contender.Patience)
}
