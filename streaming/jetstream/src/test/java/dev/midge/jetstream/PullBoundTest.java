// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.jetstream.PullDecision.Pull;
import dev.midge.jetstream.PullEvent.Consumed;
import dev.midge.jetstream.PullEvent.Due;
import dev.midge.jetstream.PullEvent.Lost;
import dev.midge.jetstream.PullEvent.Ready;
import dev.midge.jetstream.PullEvent.Status;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@link Pulls#nextPull} against a server that is played, with all that it and the network may do. */
class PullBoundTest {
    private static final int MOST = 100;
    private static final PullPlan PLAN = new PullPlan(MOST, 0, 50, 0, false, false, 400_000_000);

    private final Random random = new Random(11);

    /** What the server has not sent of each pull that it has. */
    private final SortedMap<Long, Integer> server = new TreeMap<>();

    /** Messages on the way to the client. */
    private int onTheWay;

    /** Messages that wait for the user. */
    private int buffered;

    /** Of these those that the user has had, and that are not reported. */
    private int unreported;

    private boolean ready;
    private PullState state = PullState.initial(PullState.ALL);

    private void step(PullEvent event) {
        PullStep step = Pulls.nextPull(PLAN, state.buffered(buffered, 0), event);
        state = step.state();
        if (step.decision() instanceof Pull pull) {
            server.put(pull.number(), pull.batch());
        }
    }

    private int some(int most) {
        return most == 0 ? 0 : random.nextInt(most + 1);
    }

    private void happens() {
        switch (random.nextInt(9)) {
            case 0, 1 -> { // the server sends
                if (!server.isEmpty()) {
                    long pull = server.firstKey();
                    int sent = some(server.getOrDefault(pull, 0));
                    onTheWay += sent;
                    server.computeIfPresent(pull, (number, left) -> left == sent ? null : left - sent);
                }
            }
            case 2 -> arrive(some(onTheWay));
            case 3, 4 -> unreported += some(buffered - unreported);
            case 5 -> {
                int handled = unreported;
                unreported = 0;
                buffered -= handled;
                step(new Consumed(handled, 0));
            }
            case 6 -> endPull();
            case 7 -> step(new Due());
            default -> {
                if (ready && random.nextInt(5) == 0) {
                    fallSilent();
                }
            }
        }
    }

    private void arrive(int messages) {
        onTheWay -= messages;
        buffered += messages;
        if (!ready) {
            state = state.late(messages, 0);
        }
    }

    /** The status comes behind the messages. */
    private void endPull() {
        if (server.isEmpty() || !ready) {
            return;
        }
        long pull = server.firstKey();
        int left = server.getOrDefault(pull, 0);
        server.remove(pull);
        arrive(onTheWay);
        String text = new String[] {"Request Timeout", "Batch Completed", "Server Shutdown"}[random.nextInt(3)];
        step(new Status(pull, text.startsWith("R") ? 408 : 409, text, left, 0));
    }

    /** Of the pulls that the client gives up the server may have all, or none; it is told to send nothing for them. */
    private void fallSilent() {
        ready = false;
        step(new Lost());
        if (random.nextBoolean()) {
            server.clear(); // with the leader
        }
        for (int i = some(20); i > 0; i--) {
            happens();
        }
        server.clear(); // when it is told
        arrive(onTheWay); // before the PONG
        ready = true;
        step(new Ready());
    }

    @Test
    @DisplayName("R-E4: whatever is lost, late and given up, no more can come and wait than may be")
    void neverTooMuch() {
        for (int round = 0; round < 500; round++) {
            server.clear();
            onTheWay = 0;
            buffered = 0;
            unreported = 0;
            state = PullState.initial(PullState.ALL);
            ready = true;
            step(new Ready());
            assertThat(server).containsEntry(1L, MOST);
            for (int i = 0; i < 300; i++) {
                happens();
                int all = server.values().stream().mapToInt(left -> left).sum() + onTheWay + buffered;
                assertThat(all).isBetween(buffered, MOST);
            }
        }
    }
}
