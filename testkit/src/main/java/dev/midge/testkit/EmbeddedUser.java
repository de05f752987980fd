// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import dev.midge.protocol.SubjectValidation;
import dev.midge.protocol.Subjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user of an {@link EmbeddedServer}, and what it may do. As in nats-server's configuration: a list that is empty
 * allows everything, or denies nothing; what is denied is denied, even if it is allowed as well. Immutable: each method
 * returns another user.
 *
 * <pre>{@code
 * EmbeddedUser.of("billing", "secret").allowPublish("orders.>").allowSubscribe("_INBOX.>", "jobs workers")
 * }</pre>
 *
 * @param name the name in CONNECT
 * @param password the password in CONNECT, compared as it stands: bcrypt hashes are not understood
 * @param publishAllow subjects that may be published to, wildcards included
 * @param publishDeny subjects that may not be published to
 * @param subscribeAllow subjects that may be subscribed to; with a space and a queue group, in that group only
 * @param subscribeDeny subjects that may not be subscribed to, likewise, and that no wildcard subscription gets
 * @param responses how many messages may be published to the reply-to subject of a message received, whatever the lists
 *     say; 0 for none
 * @param responsesFor how long after that message they may be published
 */
public record EmbeddedUser(
        String name,
        String password,
        List<String> publishAllow,
        List<String> publishDeny,
        List<String> subscribeAllow,
        List<String> subscribeDeny,
        int responses,
        Duration responsesFor) {
    /** DEFAULT_ALLOW_RESPONSE_EXPIRATION in nats-server's const.go. */
    private static final Duration RESPONSES_FOR = Duration.ofMinutes(2);

    /** @throws IllegalArgumentException if a subject is none, or a number or a time is negative */
    public EmbeddedUser {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(password, "password");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name is \"\": must not be empty");
        }
        publishAllow = checked("publishAllow", publishAllow, false);
        publishDeny = checked("publishDeny", publishDeny, false);
        subscribeAllow = checked("subscribeAllow", subscribeAllow, true);
        subscribeDeny = checked("subscribeDeny", subscribeDeny, true);
        if (responses < 0) {
            throw new IllegalArgumentException("responses is " + responses + ": must be 0 or more");
        }
        if (responsesFor.isNegative()) {
            throw new IllegalArgumentException("responsesFor is " + responsesFor + ": must not be negative");
        }
    }

    /** A user who may do everything. */
    public static EmbeddedUser of(String name, String password) {
        return new EmbeddedUser(name, password, List.of(), List.of(), List.of(), List.of(), 0, RESPONSES_FOR);
    }

    /** May publish to these subjects, and to no others but those allowed before. */
    public EmbeddedUser allowPublish(String... subjects) {
        return new EmbeddedUser(
                name,
                password,
                plus(publishAllow, subjects),
                publishDeny,
                subscribeAllow,
                subscribeDeny,
                responses,
                responsesFor);
    }

    /** May not publish to these subjects. */
    public EmbeddedUser denyPublish(String... subjects) {
        return new EmbeddedUser(
                name,
                password,
                publishAllow,
                plus(publishDeny, subjects),
                subscribeAllow,
                subscribeDeny,
                responses,
                responsesFor);
    }

    /** May subscribe to these subjects, and to no others but those allowed before. */
    public EmbeddedUser allowSubscribe(String... subjects) {
        return new EmbeddedUser(
                name,
                password,
                publishAllow,
                publishDeny,
                plus(subscribeAllow, subjects),
                subscribeDeny,
                responses,
                responsesFor);
    }

    /** May not subscribe to these subjects, nor gets messages on them through wildcards. */
    public EmbeddedUser denySubscribe(String... subjects) {
        return new EmbeddedUser(
                name,
                password,
                publishAllow,
                publishDeny,
                subscribeAllow,
                plus(subscribeDeny, subjects),
                responses,
                responsesFor);
    }

    /**
     * May answer the messages it gets, whatever else it may publish.
     *
     * @param max how many messages for each, at least 1
     * @param within how long after it got the message
     */
    public EmbeddedUser allowResponses(int max, Duration within) {
        if (max < 1) {
            throw new IllegalArgumentException("max is " + max + ": must be at least 1");
        }
        return new EmbeddedUser(name, password, publishAllow, publishDeny, subscribeAllow, subscribeDeny, max, within);
    }

    private static List<String> plus(List<String> subjects, String[] more) {
        List<String> all = new ArrayList<>(subjects);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static List<String> checked(String argument, List<String> subjects, boolean queues) {
        for (@Nullable String subject : subjects) {
            if (subject == null || !isPattern(subject, queues)) {
                throw new IllegalArgumentException(argument + " has \"" + subject
                        + "\": must be a subject, tokens between dots without white space"
                        + (queues ? ", and may have a space and a queue group behind it" : ""));
            }
        }
        return List.copyOf(subjects);
    }

    private static boolean isPattern(String text, boolean queue) {
        int space = queue ? text.indexOf(' ') : -1;
        return space < 0
                ? isSubject(text)
                : isSubject(text.substring(0, space)) && isSubject(text.substring(space + 1));
    }

    private static boolean isSubject(String text) {
        try {
            Subjects.checkSubscribe(text, SubjectValidation.LENIENT);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "EmbeddedUser[name=" + name + ", password=***, publishAllow=" + publishAllow + ", publishDeny="
                + publishDeny + ", subscribeAllow=" + subscribeAllow + ", subscribeDeny=" + subscribeDeny
                + ", responses=" + responses + ", responsesFor=" + responsesFor + "]";
    }
}
