// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.NoRespondersException;
import dev.midge.client.RequestManyOptions;
import dev.midge.client.Responses;
import dev.midge.protocol.NatsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the instances of services that can be reached, and asks what they are and do (ADR-32): of all services, of those
 * of one name, or one instance. Thread-safe.
 *
 * <p>Every method waits: until nobody answers any more, as {@link DiscoveryOptions} have it; not at all if nobody listens.
 * It throws IllegalArgumentException if a name or an id is not one, IllegalStateException on an event loop, {@link
 * dev.midge.client.NatsInterruptedException} if the thread is interrupted, and another {@link NatsException} if the
 * request could not be sent, or the connection is lost before anybody has answered.
 *
 * <p>An answer that cannot be understood, and one that says that the service failed, is left out, and {@linkplain
 * DiscoveryOptions.Builder#onMalformed told}.
 */
public final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private static final Verb<ServicePing> PING = new Verb<>("PING", ServiceJson::ping);
    private static final Verb<ServiceInfo> INFO = new Verb<>("INFO", ServiceJson::info);
    private static final Verb<ServiceStats> STATS = new Verb<>("STATS", ServiceJson::stats);

    /** What can be asked. */
    private record Verb<T>(String word, Function<byte[], T> parser) {
        /** What is asked of the instances of a service. */
        String of(String name) {
            return word + "." + Rules.name("service name", name);
        }
    }

    private final Connection nc;
    private final DiscoveryOptions options;

    private Discovery(Connection nc, DiscoveryOptions options) {
        this.nc = Objects.requireNonNull(nc, "nc");
        this.options = Objects.requireNonNull(options, "options");
    }

    /** With the default options. */
    public static Discovery of(Connection nc) {
        return of(nc, DiscoveryOptions.DEFAULTS);
    }

    /** With options. */
    public static Discovery of(Connection nc, DiscoveryOptions options) {
        return new Discovery(nc, options);
    }

    /** Who is there. */
    public List<ServicePing> ping() {
        return all(PING);
    }

    /** Who is there of that name. */
    public List<ServicePing> ping(String name) {
        return named(PING, name);
    }

    /** The instance of that id; null if it does not answer. */
    public @Nullable ServicePing ping(String name, String id) {
        return one(PING, name, id);
    }

    /** What all are. */
    public List<ServiceInfo> info() {
        return all(INFO);
    }

    /** What those of that name are. */
    public List<ServiceInfo> info(String name) {
        return named(INFO, name);
    }

    /** What the instance of that id is; null if it does not answer. */
    public @Nullable ServiceInfo info(String name, String id) {
        return one(INFO, name, id);
    }

    /** What all have done. */
    public List<ServiceStats> stats() {
        return all(STATS);
    }

    /** What those of that name have done. */
    public List<ServiceStats> stats(String name) {
        return named(STATS, name);
    }

    /** What the instance of that id has done; null if it does not answer. */
    public @Nullable ServiceStats stats(String name, String id) {
        return one(STATS, name, id);
    }

    private <T> List<T> all(Verb<T> verb) {
        return gather(verb, verb.word());
    }

    private <T> List<T> named(Verb<T> verb, String name) {
        return gather(verb, verb.of(name));
    }

    private <T> @Nullable T one(Verb<T> verb, String name, String id) {
        String subject = verb.of(name) + "." + Rules.name("service id", id);
        List<T> found = parsed(answers(subject, 1), verb.parser());
        return found.isEmpty() ? null : found.get(0);
    }

    private <T> List<T> gather(Verb<T> verb, String subject) {
        return parsed(answers(subject, options.maxResults()), verb.parser());
    }

    private List<Message> answers(String subject, int enough) {
        String to = options.prefix() + "." + subject;
        RequestManyOptions until = RequestManyOptions.builder()
                .maxWait(options.maxWait())
                .maxMessages(enough)
                .stall(options.stall())
                .build();
        try (Responses responses = nc.requestMany(to, Replies.NO_DATA, until)) {
            List<Message> all = responses.toList();
            if (all.isEmpty() && responses.end() == Responses.End.CONNECTION_LOST) {
                throw new NatsException("cannot ask " + to + ": the connection was lost before anybody answered");
            }
            return all;
        } catch (NoRespondersException e) {
            return List.of();
        }
    }

    private <T> List<T> parsed(List<Message> answers, Function<byte[], T> parser) {
        List<T> all = new ArrayList<>();
        for (Message answer : answers) {
            try {
                String error = answer.headers().get(Replies.ERROR);
                if (error != null) {
                    throw new NatsException(
                            "the service answered " + answer.headers().get(Replies.ERROR_CODE) + ": " + error);
                }
                all.add(parser.apply(answer.data()));
            } catch (NatsException e) {
                malformed(answer, e);
            }
        }
        return all;
    }

    private void malformed(Message answer, NatsException cause) {
        BiConsumer<Message, NatsException> listener = options.onMalformed();
        if (listener != null) {
            listener.accept(answer, cause);
        } else {
            LOG.warn("left an answer out: {}", cause.getMessage());
        }
    }
}
