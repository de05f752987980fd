// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A handler that keeps what it is given. */
final class Inbox implements StanMessageHandler {
    private final BlockingQueue<StanMessage> messages = new LinkedBlockingQueue<>();

    @Override
    public void onMessage(StanMessage message) {
        messages.add(message);
    }

    StanMessage next() throws InterruptedException {
        StanMessage next = messages.poll(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message came");
        }
        return next;
    }

    /** The next one within a time that may be too short. */
    @Nullable
    StanMessage poll(Duration time) throws InterruptedException {
        return messages.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The texts of the next so many. */
    List<String> texts(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            texts.add(next().text());
        }
        return texts;
    }

    int waiting() {
        return messages.size();
    }
}
