// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import dev.midge.testkit.EmbeddedUser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection may do: the lists of its user, and the replies it owes. Rules as in {@code canSubscribe}, {@code
 * pubAllowedFullCheck} and {@code checkDenySub} of nats-server's client.go.
 */
final class Permissions {
    private final @Nullable SubjectTrie<Filter> publishAllow;
    private final @Nullable SubjectTrie<Filter> publishDeny;
    private final @Nullable SubjectTrie<Filter> subscribeAllow;
    private final @Nullable SubjectTrie<Filter> subscribeDeny;
    private final List<Filter> subscribeDenied;
    private final @Nullable Responses responses;

    /** Set when a subscription may match what is denied: then every delivery has to be looked at. */
    private boolean filtersDelivery;

    Permissions(EmbeddedUser user) {
        publishAllow = trie(user.publishAllow());
        publishDeny = trie(user.publishDeny());
        subscribeAllow = trie(user.subscribeAllow());
        subscribeDenied = user.subscribeDeny().stream().map(Filter::parse).toList();
        subscribeDeny = Filter.trie(subscribeDenied);
        responses = user.responses() == 0
                ? null
                : new Responses(user.responses(), user.responsesFor().toNanos());
    }

    private static @Nullable SubjectTrie<Filter> trie(List<String> texts) {
        return Filter.trie(texts.stream().map(Filter::parse).toList());
    }

    /** Whether a subscription is allowed; it is remembered if it may get what is denied. */
    boolean allowsSubscribe(String subject, @Nullable String queue) {
        boolean allowed = true;
        if (subscribeAllow != null) {
            Match<Filter> match = subscribeAllow.match(subject);
            allowed = (queue != null && !match.queues().isEmpty())
                    ? Filter.names(match.queues(), queue)
                    : !match.plain().isEmpty();
        }
        if (allowed && subscribeDeny != null) {
            allowed = !denies(subscribeDeny, subject, queue);
        }
        if (allowed && !filtersDelivery && (queue != null || Wildcards.has(subject))) {
            filtersDelivery = subscribeDenied.stream().anyMatch(denied -> Wildcards.overlap(denied.subject(), subject));
        }
        return allowed;
    }

    /** Whether a message may be delivered to a subscription of this queue group. */
    boolean allowsDelivery(String subject, @Nullable String queue) {
        return subscribeDeny == null || !denies(subscribeDeny, subject, queue);
    }

    boolean filtersDelivery() {
        return filtersDelivery;
    }

    private static boolean denies(SubjectTrie<Filter> deny, String subject, @Nullable String queue) {
        Match<Filter> match = deny.match(subject);
        return !match.plain().isEmpty() || (queue != null && Filter.names(match.queues(), queue));
    }

    /** Whether {@link #allowsPublish} has to be asked at all. */
    boolean restrictsPublish() {
        return publishAllow != null || publishDeny != null;
    }

    /** Whether it may publish there; if only as a reply, that reply is counted. */
    boolean allowsPublish(String subject) {
        boolean allowed =
                publishAllow == null || !publishAllow.match(subject).plain().isEmpty();
        if (allowed && publishDeny != null) {
            allowed = publishDeny.match(subject).plain().isEmpty();
        }
        return allowed || (responses != null && restrictsPublish() && responses.allow(subject));
    }

    /** A message with this reply-to subject was delivered. */
    void delivered(String reply) {
        if (responses != null && !allowsPublish(reply)) {
            responses.owe(reply);
        }
    }

    boolean countsReplies() {
        return responses != null;
    }
}
