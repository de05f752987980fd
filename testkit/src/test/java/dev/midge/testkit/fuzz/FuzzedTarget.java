// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.fuzz;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is fuzzed: with the same seeds in each run of the tests, and with new ones for as long as one likes. */
public abstract class FuzzedTarget {
    private final Fuzzer fuzzer;
    private final int corpus;

    /** @param corpus how many seeds each run of the tests has */
    protected FuzzedTarget(String name, int corpus) {
        this.fuzzer = new Fuzzer(name, this::execute);
        this.corpus = corpus;
    }

    /** One execution, which depends on the Random alone. Throws an exception or an Error for a finding. */
    protected abstract void execute(Random random) throws Exception;

    @Test
    public final void fixedSeeds() throws Exception {
        fuzzer.seeds(corpus);
    }

    @Test
    @Timeout(1000)
    @Tag(Fuzzer.CONTINUOUS)
    public final void continuously() throws Exception {
        fuzzer.continuously();
    }
}
