// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** R-C7: while messages come as fast as they can, workers of a queue group leave; each message is handled once. */
final class WorkersLeave {
    private static final Duration LONG = Session.LONG;
    private static final int MESSAGES = 5_000;

    private WorkersLeave() {}

    static void run(String url) throws InterruptedException {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        CountDownLatch some = new CountDownLatch(MESSAGES / 10);
        MessageHandler work = message -> {
            handled.add(message.text());
            message.respond("done");
            some.countDown();
        };
        SubscribeOptions group = SubscribeOptions.builder().queue("workers").build();
        try (Connection leaving = Patient.connect(url);
                Connection resigning = Patient.connect(url);
                Connection staying = Patient.connect(url);
                Connection boss = Patient.connect(url)) {
            Subscription answers = boss.subscribe("answers");
            leaving.subscribe("jobs", group, work);
            Subscription resigned = resigning.subscribe("jobs", group, work);
            staying.subscribe("jobs", group, work);
            for (Connection each : new Connection[] {boss, leaving, resigning, staying}) {
                each.flush(LONG);
            }
            Thread publisher = new Thread(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    boss.publish(Message.to("jobs")
                            .replyTo("answers")
                            .data(String.valueOf(i))
                            .build());
                }
                boss.flush(LONG);
            });
            publisher.start();
            Eventually.isDown(some, "messages handled");
            DrainResult drained = new DrainResult(true, 0, false);
            assertThat(resigned.drain(LONG)).isEqualTo(drained);
            assertThat(leaving.drain(LONG)).isEqualTo(drained);
            assertThat(leaving.status()).isEqualTo(ConnectionStatus.CLOSED);
            assertThat(resigning.status()).isEqualTo(ConnectionStatus.CONNECTED);
            publisher.join();
            for (int i = 0; i < MESSAGES; i++) {
                answers.next(LONG);
            }
            assertThat(staying.drain(LONG)).isEqualTo(drained);
            assertThat(boss.drain(LONG)).isEqualTo(drained);
            assertThat(boss.statistics().droppedMessages()).isZero();
            assertThat(leaving.statistics().droppedMessages()).isZero();
        }
        Set<String> once = new TreeSet<>(handled);
        assertThat(handled).hasSize(MESSAGES);
        assertThat(once).hasSize(MESSAGES);
    }
}
