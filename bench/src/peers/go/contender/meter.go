// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package contender

import (
	"fmt"
	"runtime/metrics"
	"sync"
	"syscall"
	"time"
)

// Result is what a turn came to.
type Result struct {
	messages  int64
	duration  time.Duration
	cpu       time.Duration
	allocated uint64
	latencies *Latencies
}

// WithLatencies adds those of its requests.
func (result Result) WithLatencies(latencies *Latencies) Result {
	result.latencies = latencies
	return result
}

func (result Result) line() string {
	figures := fmt.Sprintf("\"messages\":%d,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"allocatedBytes\":%d",
		result.messages, result.duration.Seconds(), result.cpu.Seconds(), result.allocated)
	if result.latencies != nil {
		for _, figure := range []struct {
			name string
			part float64
		}{{"p50Micros", 0.5}, {"p99Micros", 0.99}, {"p999Micros", 0.999}} {
			figures += fmt.Sprintf(",\"%s\":%.2f", figure.name, float64(result.latencies.at(figure.part))/1e3)
		}
	}
	return "{" + figures + "}"
}

// reading is a moment of a process.
type reading struct {
	time      time.Time
	cpu       time.Duration
	allocated uint64
}

func read() reading {
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(allocated)
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return reading{time.Now(), time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), allocated[0].Value.Uint64()}
}

// Meter has the clock, the processor time and the allocation of this process over a turn. For many goroutines.
type Meter struct {
	lock       sync.Mutex
	begun      bool
	start, end reading
}

// Begin does nothing if it has begun before, and has not been read since.
func (meter *Meter) Begin() {
	meter.lock.Lock()
	defer meter.lock.Unlock()
	if !meter.begun {
		meter.begun = true
		meter.start = read()
	}
}

// End may come several times: the last one counts.
func (meter *Meter) End() {
	meter.lock.Lock()
	defer meter.lock.Unlock()
	meter.end = read()
}

// Read is from begin to end; the meter may begin anew.
func (meter *Meter) Read(messages int64) Result {
	meter.lock.Lock()
	defer meter.lock.Unlock()
	meter.begun = false
	return Result{
		messages:  messages,
		duration:  meter.end.time.Sub(meter.start.time),
		cpu:       meter.end.cpu - meter.start.cpu,
		allocated: meter.end.allocated - meter.start.allocated,
	}
}

// Reception counts what a subscription is given by one goroutine, until a message without a payload.
type Reception struct {
	meter *Meter
	count int64
	total chan int64
}

// NewReception is of a subscription; several may share a meter.
func NewReception(meter *Meter) *Reception {
	return &Reception{meter: meter, total: make(chan int64, 1)}
}

// Received counts a message of a size.
func (reception *Reception) Received(size int) {
	if reception.count == 0 {
		reception.meter.Begin()
	}
	if size > 0 {
		reception.count++
		return
	}
	total := reception.count
	reception.count = 0
	reception.meter.End()
	reception.total <- total
}

// Await waits for the end of a turn; it returns how many messages were in it.
func (reception *Reception) Await() int64 {
	return <-reception.total
}
