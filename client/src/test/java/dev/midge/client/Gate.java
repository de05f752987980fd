// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A handler that holds each message until it is told to go on. */
final class Gate implements MessageHandler {
    private final Semaphore permits = new Semaphore(0);
    private final List<String> entered = new CopyOnWriteArrayList<>();

    @Override
    public void onMessage(Message message) throws InterruptedException {
        entered.add(message.text());
        if (!permits.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody opened the gate for " + message);
        }
    }

    /** Waits until as many messages have come to the handler; the last of them may be held there. */
    void awaitEntered(int count) {
        Eventually.isTrue(
                () -> count + " messages in the handler, but there were " + entered, () -> entered.size() >= count);
    }

    /** Lets so many messages pass. */
    void let(int count) {
        permits.release(count);
    }

    /** Lets all pass from now on. */
    void open() {
        permits.release(1 << 30);
    }

    /** The texts of the messages that came to the handler, in order. */
    List<String> entered() {
        return List.copyOf(entered);
    }
}
