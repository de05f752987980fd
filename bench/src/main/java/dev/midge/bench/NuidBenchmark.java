// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.protocol.Nuid;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** Unique ids, beside the JDK's. */
@State(Scope.Benchmark)
public class NuidBenchmark extends CodecBenchmark {
    /** One thread. */
    @Benchmark
    public String next() {
        return Nuid.next();
    }

    /** Two threads that want one at the same time. */
    @Benchmark
    @Threads(2)
    public String nextOfTwoThreads() {
        return Nuid.next();
    }

    /** The JDK's. */
    @Benchmark
    public UUID baselineUuid() {
        return UUID.randomUUID();
    }
}
