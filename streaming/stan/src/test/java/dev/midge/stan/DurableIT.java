// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Durables, queue groups, and both together, on a real server. */
class DurableIT extends OnServer {
    @Test
    void aDurableGoesOnWhereItWas() throws Exception {
        publish("1", "2");
        StanSubscribeOptions durable = how().durable("d").deliverAllAvailable().build();
        Inbox first = new Inbox();
        StanSubscription sub = sc.subscribe(subject, durable, first);
        first.next();
        StanMessage two = first.next();
        Patience.until("the ack", two::isAcknowledged);
        assertThatThrownBy(() -> sc.subscribe(subject, durable, first))
                .isInstanceOfSatisfying(
                        StanServerException.class, e -> assertThat(e.error()).isEqualTo(StanError.DUPLICATE_DURABLE));
        sub.close();
        sub.close();
        assertThat(sub.isActive()).isFalse();
        publish("3");
        Inbox second = new Inbox();
        StanSubscription again = sc.subscribe(subject, durable, second);
        StanMessage three = second.next();
        assertThat(three.text()).isEqualTo("3");
        Patience.until("the ack", three::isAcknowledged);
        again.unsubscribe();
        Inbox third = new Inbox();
        sc.subscribe(subject, durable, third);
        assertThat(third.texts(3)).as("it was forgotten").containsExactly("1", "2", "3");
    }

    /** Over a goodbye of the client, too. */
    @Test
    void aDurableOutlivesItsClient() throws Exception {
        StanSubscribeOptions durable =
                how().durable("d:1").deliverAllAvailable().build(); // ":" is allowed here
        publish("1");
        try (StanConnection one = Patience.connect(nc, "durable-client")) {
            Inbox inbox = new Inbox();
            one.subscribe(subject, durable, inbox);
            Patience.until("the ack", inbox.next()::isAcknowledged);
        }
        publish("2");
        try (StanConnection two = Patience.connect(nc, "durable-client")) {
            Inbox inbox = new Inbox();
            two.subscribe(subject, durable, inbox);
            assertThat(inbox.next().text()).isEqualTo("2");
        }
    }

    @Test
    void queueGroup() throws Exception {
        Inbox left = new Inbox();
        Inbox right = new Inbox();
        Inbox other = new Inbox();
        StanSubscribeOptions member = how().queue("q").build();
        sc.subscribe(subject, member, left);
        sc.subscribe(subject, member, right);
        sc.subscribe(subject, how().queue("other").build(), other);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add("m" + i);
            publish("m" + i);
        }
        assertThat(other.texts(100)).isEqualTo(all);
        Patience.until("all of them", () -> left.waiting() + right.waiting() == 100);
        Set<String> seen = new HashSet<>(left.texts(left.waiting()));
        seen.addAll(right.texts(right.waiting()));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aDurableQueueGroupIsRememberedWithoutMembers() throws Exception {
        publish("1", "2");
        StanSubscribeOptions member =
                how().queue("q").durable("dq").deliverAllAvailable().build();
        Inbox first = new Inbox();
        try (StanSubscription sub = sc.subscribe(subject, member, first)) {
            first.next();
            Patience.until("the ack", first.next()::isAcknowledged);
            assertThat(sub.options().queue()).isEqualTo("q");
        }
        publish("3");
        Inbox second = new Inbox();
        StanSubscription again = sc.subscribe(subject, member, second);
        StanMessage three = second.next();
        assertThat(three.text()).isEqualTo("3");
        Patience.until("the ack", three::isAcknowledged);
        again.unsubscribe();
        Inbox third = new Inbox();
        sc.subscribe(subject, member, third);
        assertThat(third.texts(3)).containsExactly("1", "2", "3");
    }

    /** Each of its members may leave and come back; one that unsubscribes forgets nothing while there is another. */
    @Test
    void aDurableQueueGroupIsForgottenWithItsLastMember() throws Exception {
        publish("1");
        StanSubscribeOptions member =
                how().queue("q").durable("dq").deliverAllAvailable().build();
        Inbox inbox = new Inbox();
        StanSubscription one = sc.subscribe(subject, member, inbox);
        Patience.until("the ack", inbox.next()::isAcknowledged);
        StanSubscription two = sc.subscribe(subject, member, inbox);
        one.unsubscribe();
        publish("2");
        StanMessage second = inbox.next();
        assertThat(second.text()).isEqualTo("2");
        Patience.until("the ack", second::isAcknowledged);
        two.close();
        publish("3");
        StanSubscription three = sc.subscribe(subject, member, inbox);
        StanMessage third = inbox.next();
        assertThat(third.text()).as("it is remembered").isEqualTo("3");
        Patience.until("the ack", third::isAcknowledged);
        three.unsubscribe();
        sc.subscribe(subject, member, inbox);
        assertThat(inbox.texts(3)).as("it was forgotten").containsExactly("1", "2", "3");
    }
}
