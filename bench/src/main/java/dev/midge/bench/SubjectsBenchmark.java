// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import dev.midge.protocol.SubjectValidation;
import dev.midge.protocol.Subjects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What each publish and subscribe pays before anything is sent. */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls the set-up before anything else
@State(Scope.Thread)
public class SubjectsBenchmark extends CodecBenchmark {
    private static final String TEXT = "orders.europe.new.4711.item.created.by.somebody.somewhere.today.again";

    /** How strictly. */
    @Param
    public SubjectValidation mode;

    /** Characters in the subject. */
    @Param({"8", "24", "64"})
    public int length;

    private String subject;

    /** Cuts the subject. */
    @Setup
    public void setUp() {
        subject = TEXT.substring(0, length - 1) + "x";
    }

    /** Of a message. */
    @Benchmark
    public void publish() {
        Subjects.checkPublish(subject, mode);
    }

    /** Of a subscription. */
    @Benchmark
    public void subscribe() {
        Subjects.checkSubscribe(subject, mode);
    }
}
