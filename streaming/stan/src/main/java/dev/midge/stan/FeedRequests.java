// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import dev.midge.client.NatsTimeoutException;
import dev.midge.stan.pb.SubscriptionRequest;
import dev.midge.stan.pb.SubscriptionResponse;
import dev.midge.stan.pb.UnsubscribeRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a subscription asks the server for. Of the event loop, but for what it has at present. */
final class FeedRequests {
    private final Lifecycle lifecycle;
    private final String subject;
    private final StanSubscribeOptions options;
    private final String inboxes;
    private volatile @Nullable Feed present;
    private long sessions;

    /** @param inboxes what the inboxes of all sessions start with */
    FeedRequests(Lifecycle lifecycle, String subject, StanSubscribeOptions options, String inboxes) {
        this.lifecycle = lifecycle;
        this.subject = subject;
        this.options = options;
        this.inboxes = inboxes;
    }

    /** From any thread: what was opened last, or null. */
    @Nullable
    Feed present() {
        return present;
    }

    /** Subscribes in a session. */
    CompletableFuture<Feed> open(Session session) {
        String what = "cannot subscribe to channel " + subject;
        sessions++;
        String inbox = inboxes + sessions;
        SubscriptionRequest request = options.request()
                .setClientID(lifecycle.nats().options().clientId())
                .setSubject(subject)
                .setInbox(inbox);
        Ask.Reader<Feed> reader = reply -> {
            SubscriptionResponse response = SubscriptionResponse.parseFrom(reply);
            Ask.check(what, response.getError());
            Feed opened = new Feed(session, inbox, response.getAckInbox());
            present = opened; // before the first message is looked at
            return opened;
        };
        CompletableFuture<Feed> opened =
                lifecycle.nats().ask(what, session.subjects().getSubRequests(), request.toByteArray(), reader);
        var unused = opened.whenComplete((feed, failure) -> {
            if (failure instanceof NatsTimeoutException) {
                var unusedToo = end(session.subjects().getSubCloseRequests(), inbox); // it may be there
            }
        });
        return opened; // not what hangs on it, which would wrap its failure
    }

    /** Unsubscribes, or closes, by where it is told. */
    CompletableFuture<Boolean> end(String to, String inbox) {
        String what = "cannot end the subscription to channel " + subject;
        UnsubscribeRequest request = UnsubscribeRequest.newInstance()
                .setClientID(lifecycle.nats().options().clientId())
                .setSubject(subject)
                .setInbox(inbox);
        if (options.durable() != null) {
            request.setDurableName(options.durable());
        }
        return lifecycle.nats().ask(what, to, request.toByteArray(), reply -> {
            Ask.check(what, SubscriptionResponse.parseFrom(reply).getError());
            return true;
        });
    }
}
