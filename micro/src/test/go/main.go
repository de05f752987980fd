// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

// The other side of GoInteropIT: services as nats.go has them.
//
//	interop serve URL        starts a service, says READY and its id, and stops it when its input ends
//	interop ask URL NAME     asks the only service of that name all there is to ask, and says OK
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
)

const patience = 30 * time.Second

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Println("FAILED", err)
		os.Exit(1)
	}
	if os.Args[1] == "ask" {
		fmt.Println("OK")
	}
}

func run(args []string) error {
	if len(args) < 2 || (args[0] == "ask" && len(args) < 3) {
		return errors.New("usage: interop serve URL | interop ask URL NAME")
	}
	nc, err := nats.Connect(args[1], nats.Timeout(patience))
	if err != nil {
		return err
	}
	defer nc.Close()
	if args[0] == "serve" {
		return serve(nc)
	}
	return ask(nc, args[2])
}

func serve(nc *nats.Conn) error {
	service, err := micro.AddService(nc, micro.Config{
		Name:        "go-demo",
		Version:     "1.2.3-rc.1",
		Description: "adds \"numbers\"",
		Metadata:    map[string]string{"language": "go"},
		StatsHandler: func(endpoint *micro.Endpoint) any {
			return map[string]any{"asked": endpoint.Subject}
		},
	})
	if err != nil {
		return err
	}
	err = service.AddGroup("gomath").AddEndpoint("sum", micro.HandlerFunc(func(request micro.Request) {
		sum, err := sum(string(request.Data()))
		if err != nil {
			request.Error("400", "not numbers", request.Data())
			return
		}
		request.Respond([]byte(strconv.Itoa(sum)), micro.WithHeaders(micro.Headers{"Trace": {request.Headers().Get("Trace")}}))
	}), micro.WithEndpointMetadata(map[string]string{"format": "text"}))
	if err != nil {
		return err
	}
	err = service.AddEndpoint("everyone", micro.HandlerFunc(func(request micro.Request) {
		request.Respond(nil)
	}), micro.WithEndpointQueueGroupDisabled())
	if err != nil {
		return err
	}
	if err := nc.FlushTimeout(patience); err != nil {
		return err
	}
	fmt.Println("READY", service.Info().ID)
	io.Copy(io.Discard, os.Stdin)
	return service.Stop()
}

func sum(numbers string) (int, error) {
	sum := 0
	for _, number := range strings.Fields(numbers) {
		n, err := strconv.Atoi(number)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// What GoInteropIT starts: echo, and failing, which answers error 418 with what it was sent.
func ask(nc *nats.Conn, name string) error {
	answer, err := request(nc, "j.echo", "hello")
	if err != nil {
		return err
	}
	if err := equal("echo", "hello", string(answer.Data)); err != nil {
		return err
	}
	answer, err = request(nc, "failing", "x")
	if err != nil {
		return err
	}
	said := []string{answer.Header.Get(micro.ErrorCodeHeader), answer.Header.Get(micro.ErrorHeader), string(answer.Data)}
	if err := equal("failing", []string{"418", "I'm a teapot", "x"}, said); err != nil {
		return err
	}

	var ping micro.Ping
	if err := control(nc, micro.PingVerb, name, "", &ping); err != nil {
		return err
	}
	identity := micro.ServiceIdentity{Name: name, ID: ping.ID, Version: "1.0.0", Metadata: map[string]string{"language": "java"}}
	if err := equal("ping", micro.Ping{ServiceIdentity: identity, Type: micro.PingResponseType}, ping); err != nil {
		return err
	}
	var info micro.Info
	if err := control(nc, micro.InfoVerb, name, ping.ID, &info); err != nil {
		return err
	}
	if err := equal("info", micro.Info{
		ServiceIdentity: identity,
		Type:            micro.InfoResponseType,
		Description:     "of Midge",
		Endpoints: []micro.EndpointInfo{
			{Name: "echo", Subject: "j.echo", QueueGroup: "q", Metadata: map[string]string{"format": "text"}},
			{Name: "failing", Subject: "failing", QueueGroup: "", Metadata: map[string]string{}},
		},
	}, info); err != nil {
		return err
	}
	return askStats(nc, identity)
}

func askStats(nc *nats.Conn, identity micro.ServiceIdentity) error {
	var stats micro.Stats
	// A request is counted when it has been handled: behind its answer.
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		stats = micro.Stats{}
		if err := control(nc, micro.StatsVerb, identity.Name, identity.ID, &stats); err != nil {
			return err
		}
		counted := len(stats.Endpoints) == 2 && stats.Endpoints[0].NumRequests == 1 && stats.Endpoints[1].NumRequests == 1
		if counted || time.Now().After(deadline) {
			break
		}
	}
	if stats.Started.IsZero() || stats.Started.Location() != time.UTC {
		return fmt.Errorf("stats: started %v", stats.Started)
	}
	for _, endpoint := range stats.Endpoints {
		if endpoint.ProcessingTime <= 0 || endpoint.AverageProcessingTime != endpoint.ProcessingTime {
			return fmt.Errorf("stats: times of %+v", endpoint)
		}
		endpoint.ProcessingTime = 0
		endpoint.AverageProcessingTime = 0
	}
	return equal("stats", micro.Stats{
		ServiceIdentity: identity,
		Type:            micro.StatsResponseType,
		Started:         stats.Started,
		Endpoints: []*micro.EndpointStats{
			{Name: "echo", Subject: "j.echo", QueueGroup: "q", NumRequests: 1, Data: json.RawMessage(`{"asked":"j.echo"}`)},
			{Name: "failing", Subject: "failing", NumRequests: 1, NumErrors: 1, LastError: "418:I'm a teapot",
				Data: json.RawMessage(`{"asked":"failing"}`)},
		},
	}, stats)
}

func request(nc *nats.Conn, subject string, data string) (*nats.Msg, error) {
	answer, err := nc.Request(subject, []byte(data), patience)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", subject, err)
	}
	return answer, nil
}

// Asks on all subjects of the verb that fit, and holds that the answer has what nats.go knows, and nothing else.
func control(nc *nats.Conn, verb micro.Verb, name string, id string, into any) error {
	subjects := [][2]string{{"", ""}, {name, ""}}
	if id != "" {
		subjects = append(subjects, [2]string{name, id})
	}
	for _, of := range subjects {
		subject, err := micro.ControlSubject(verb, of[0], of[1])
		if err != nil {
			return err
		}
		answer, err := request(nc, subject, "")
		if err != nil {
			return err
		}
		reflect.ValueOf(into).Elem().SetZero()
		decoder := json.NewDecoder(bytes.NewReader(answer.Data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(into); err != nil {
			return fmt.Errorf("%s: %w in %s", subject, err, answer.Data)
		}
		if err := sameFields(subject, answer.Data, into); err != nil {
			return err
		}
	}
	return nil
}

// Whether nats.go would write what came; but for the zeros at the end of the fraction of a second.
func sameFields(subject string, came []byte, understood any) error {
	again, err := json.Marshal(understood)
	if err != nil {
		return err
	}
	var left, right map[string]any
	if err := errors.Join(json.Unmarshal(came, &left), json.Unmarshal(again, &right)); err != nil {
		return err
	}
	delete(left, "started")
	delete(right, "started")
	return equal(subject, right, left)
}

func equal(what string, expected any, got any) error {
	if reflect.DeepEqual(expected, got) {
		return nil
	}
	e, _ := json.Marshal(expected)
	g, _ := json.Marshal(got)
	return fmt.Errorf("%s: expected %s, got %s", what, e, g)
}
