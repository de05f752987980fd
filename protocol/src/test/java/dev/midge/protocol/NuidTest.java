// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.testkit.base.Allocation;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Identifiers as nuid v1.0.1 makes them: unique, random where they start, and counting from there. */
class NuidTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static long sequenceOf(String nuid) {
        return nuid.substring(12).chars().mapToLong(DIGITS::indexOf).reduce(0, (n, digit) -> n * 62 + digit);
    }

    @Test
    void anIdentifierIs22DigitsOfBase62() {
        assertThat(Nuid.next()).hasSize(Nuid.LENGTH).matches("[0-9A-Za-z]{22}");
    }

    @Test
    void theCounterIsWrittenInTenDigits() {
        assertThat(new Nuid("ABCDEFGHIJKL", 0, 33).following()).isEqualTo("ABCDEFGHIJKL000000000X");
        assertThat(new Nuid("ABCDEFGHIJKL", 61, 1).following()).isEqualTo("ABCDEFGHIJKL0000000010");
        assertThat(new Nuid("ABCDEFGHIJKL", 916_132_831, 1).following()).isEqualTo("ABCDEFGHIJKL0000100000");
        assertThat(new Nuid("ABCDEFGHIJKL", 839_299_365_868_340_222L, 1).following())
                .isEqualTo("ABCDEFGHIJKLzzzzzzzzzz");
        for (long n = 1; n < Nuid.MAX_SEQUENCE / 3; n = n * 3 + 1) {
            assertThat(sequenceOf(String.valueOf(new Nuid("ABCDEFGHIJKL", n - 1, 1).following())))
                    .isEqualTo(n);
        }
    }

    @Test
    void theCounterEndsBeforeItNeedsAnEleventhDigit() {
        Nuid nuid = new Nuid("ABCDEFGHIJKL", Nuid.MAX_SEQUENCE - 70, 33);

        assertThat(nuid.following()).isNotNull();
        assertThat(nuid.following()).isNotNull();
        assertThat(nuid.following()).isNull();
        assertThat(nuid.following()).isNull();
    }

    @Test
    void consecutiveOnesDifferByOneStepWithinTheLimits() {
        for (int i = 0; i < 1000; i++) {
            Nuid nuid = Nuid.random();
            String first = String.valueOf(nuid.following());
            String second = String.valueOf(nuid.following());

            assertThat(second).startsWith(first.substring(0, 12));
            assertThat(sequenceOf(second) - sequenceOf(first)).isBetween(33L, 332L);
        }
    }

    @Test
    void prefixAndStartAreRandom() {
        Set<String> prefixes = new HashSet<>();
        Set<String> starts = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String nuid = String.valueOf(Nuid.random().following());
            prefixes.add(nuid.substring(0, 12));
            starts.add(nuid.substring(12));
        }

        assertThat(prefixes).hasSize(1000);
        assertThat(starts).hasSize(1000);
        assertThat(String.join("", prefixes).chars().distinct()).hasSize(62);
    }

    @Test
    void threadsNeverGetTheSame() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        Collection<List<String>> all = new ConcurrentLinkedQueue<>();
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Thread> running = IntStream.range(0, threads)
                .mapToObj(i -> new Thread(() -> {
                    awaitAll(start);
                    all.add(IntStream.range(0, each).mapToObj(n -> Nuid.next()).toList());
                }))
                .toList();
        running.forEach(Thread::start);
        for (Thread thread : running) {
            thread.join();
        }

        Set<String> distinct = new HashSet<>();
        all.forEach(distinct::addAll);
        assertThat(distinct).hasSize(threads * each);
    }

    private static void awaitAll(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingButTheTextIsAllocated() {
        int runs = 10_000;
        String[] kept = new String[runs];
        long bytes = Allocation.leastBytes(10, () -> {
            for (int i = 0; i < runs; i++) {
                kept[i] = Nuid.next();
            }
        });

        // A String of 24 bytes and an array of 16 + 22, rounded up to 40.
        assertThat(bytes / runs).isLessThanOrEqualTo(64);
    }
}
