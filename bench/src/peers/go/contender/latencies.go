// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package contender

import (
	"math"
	"math/bits"
	"time"
)

// subBits is to how many bits times are kept: to a part in 256.
const subBits = 8

// Latencies are times in a histogram whose classes are ever wider. For one goroutine.
type Latencies struct {
	counts [(64 - subBits) << subBits]uint32
	total  int64
}

// Add adds one.
func (latencies *Latencies) Add(latency time.Duration) {
	latencies.counts[class(uint64(max(latency, 0)))]++
	latencies.total++
}

// AddAll adds those of another one.
func (latencies *Latencies) AddAll(more *Latencies) {
	for i, count := range &more.counts {
		if count != 0 {
			latencies.counts[i] += count
		}
	}
	latencies.total += more.total
}

// Reset forgets them; without writing to what was never used, as that would need memory.
func (latencies *Latencies) Reset() {
	for i, count := range &latencies.counts {
		if count != 0 {
			latencies.counts[i] = 0
		}
	}
	latencies.total = 0
}

// Count is how many there are.
func (latencies *Latencies) Count() int64 {
	return latencies.total
}

// at is the latency that such a part of them does not exceed, in nanoseconds.
func (latencies *Latencies) at(part float64) uint64 {
	rest := int64(math.Ceil(part * float64(latencies.total)))
	for i, count := range &latencies.counts {
		rest -= int64(count)
		if rest <= 0 {
			return greatest(i)
		}
	}
	return 0
}

// class of a number: its highest bits, from the first that is set on.
func class(number uint64) int {
	shift := max(bits.Len64(number)-subBits-1, 0)
	return shift<<subBits + int(number>>shift)
}

// greatest is the greatest number of a class.
func greatest(class int) uint64 {
	shift := max(class>>subBits-1, 0)
	return uint64(class-shift<<subBits+1)<<shift - 1
}
