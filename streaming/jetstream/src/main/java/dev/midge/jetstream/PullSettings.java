// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of all that pulls from a consumer.
 *
 * @param <B> the builder that it is said to
 */
public abstract sealed class PullSettings<B extends PullSettings<B>>
        permits ConsumeOptions.Builder, FetchOptions.Builder, OrderedOptions.Builder {
    /** As many messages as can be asked for at once. */
    static final int MOST_MESSAGES = 1_000_000;

    /** validGroupName in nats-server's consumer.go. */
    private static final Pattern GROUP = Pattern.compile("[a-zA-Z0-9/_=-]{1,16}");

    private static final Duration MIN_HEARTBEAT = Duration.ofMillis(100);
    private static final Duration MAX_HEARTBEAT = Duration.ofSeconds(30);
    private static final int LOWEST_PRIORITY = 9;

    int maxMessages;
    boolean messagesGiven;
    long maxBytes;
    Duration expires = Duration.ofSeconds(30);

    @Nullable
    Duration heartbeat;

    @Nullable
    String group;

    long minPending;
    long minAckPending;
    int priority;

    @Nullable
    Executor executor;

    java.util.function.@Nullable Consumer<ConsumeEvent> listener;

    PullSettings(int maxMessages) {
        this.maxMessages = maxMessages;
    }

    /**
     * How many messages may be asked for and not yet handled.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1,000,000
     */
    public B maxMessages(int messages) {
        Rules.require(
                messages > 0 && messages <= MOST_MESSAGES, "maxMessages", messages, "must be from 1 to 1,000,000");
        maxMessages = messages;
        messagesGiven = true;
        return self();
    }

    /**
     * How many bytes may be asked for and not yet handled, in place of a number of messages: those of subject, reply-to
     * subject, headers and payload. A message that is larger than that is never delivered, and ends it.
     *
     * @throws IllegalArgumentException if it is not from 1 to 2,147,483,647
     */
    public B maxBytes(long bytes) {
        Rules.require(bytes > 0 && bytes <= Integer.MAX_VALUE, "maxBytes", bytes, "must be from 1 to 2,147,483,647");
        maxBytes = bytes;
        return self();
    }

    /**
     * After how long without a message the server says that it is there. When nothing has come for twice that time, it is
     * asked again.
     *
     * @throws IllegalArgumentException if it is not from 100 ms to 30 s; when built, if it is over half of the time that
     *     the server is asked to wait for messages
     */
    public B idleHeartbeat(Duration time) {
        Rules.require(
                time.compareTo(MIN_HEARTBEAT) >= 0 && time.compareTo(MAX_HEARTBEAT) <= 0,
                "idleHeartbeat",
                time,
                "must be from 100 ms to 30 s");
        heartbeat = time;
        return self();
    }

    /**
     * The priority group, which a consumer with priority groups needs; its others are for these (ADR-42). Servers from
     * 2.11 on.
     *
     * @throws IllegalArgumentException if it is not 1 to 16 characters of {@code A-Z a-z 0-9 - _ / =}
     */
    public B group(String name) {
        Rules.require(GROUP.matcher(name).matches(), "group", name, "must be 1 to 16 of A-Z a-z 0-9 - _ / =");
        group = name;
        return self();
    }

    /**
     * Takes messages only while the consumer has as many pending, or {@link #minAckPending} holds: with the policy
     * overflow.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public B minPending(long messages) {
        Rules.require(messages > 0, "minPending", messages, "must be above 0");
        minPending = messages;
        return self();
    }

    /**
     * Takes messages only while as many are not acknowledged, or {@link #minPending} holds: with the policy overflow.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public B minAckPending(long messages) {
        Rules.require(messages > 0, "minAckPending", messages, "must be above 0");
        minAckPending = messages;
        return self();
    }

    /**
     * Takes messages only while no client of a lower number waits for some: with the policy prioritized. Servers from 2.12 on.
     *
     * @throws IllegalArgumentException if it is not from 0, the default, to 9
     */
    public B priority(int number) {
        Rules.require(number >= 0 && number <= LOWEST_PRIORITY, "priority", number, "must be from 0 to 9");
        priority = number;
        return self();
    }

    /** Where the handler or the subscriber is called; any executor. The default is that of the connection. */
    public B executor(Executor handlerExecutor) {
        executor = Objects.requireNonNull(handlerExecutor, "handlerExecutor");
        return self();
    }

    /** Is told what happens, on the connection's executor. By default it is logged: the end on debug, all else on info. */
    public B listener(java.util.function.Consumer<ConsumeEvent> eventListener) {
        listener = Objects.requireNonNull(eventListener, "eventListener");
        return self();
    }

    abstract B self();

    /** Checks what goes together. */
    final void check(Duration wait) {
        Duration beat = heartbeat;
        Rules.require(
                beat == null || beat.multipliedBy(2).compareTo(wait) <= 0,
                "idleHeartbeat",
                beat,
                "must be at most half of the time to wait for messages, " + wait);
        String needsGroup = "needs a group";
        Rules.require(minPending == 0 || group != null, "minPending", minPending, needsGroup);
        Rules.require(minAckPending == 0 || group != null, "minAckPending", minAckPending, needsGroup);
        Rules.require(priority == 0 || group != null, "priority", priority, needsGroup);
        Rules.require(
                maxBytes == 0 || !messagesGiven,
                "maxMessages",
                maxMessages,
                "must not be with maxBytes, which stands in for it");
    }

    /** What is put into each pull. */
    final PullRequest request(Duration wait, boolean noWait, @Nullable Duration beat) {
        return new PullRequest(wait, noWait, beat, group, minPending, minAckPending, priority);
    }
}
