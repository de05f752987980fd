// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.jetstream.JetStreamMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what becomes of one attempt: to the server, to whoever requested, and to the middlewares. Whose turn it is {@link Job} knows. */
final class Verdict<T, R> {
    private static final Logger LOG = LoggerFactory.getLogger(Verdict.class);

    private final Actor<T, R> actor;
    private final JetStreamMessage source;
    private final Connection connection;
    private volatile @Nullable T message;

    Verdict(Actor<T, R> actor, JetStreamMessage source, Connection connection) {
        this.actor = actor;
        this.source = source;
        this.connection = connection;
    }

    /** The payload was decoded, the handler is next. */
    void started(T decoded) {
        message = decoded;
        Attempt attempt = attempt();
        actor.middlewares().forEach(each -> told(each, "onStart", () -> each.onStart(attempt)));
    }

    /** What is to be responded; null if nothing is. Throws if that cannot be encoded. */
    byte @Nullable [] encoded(@Nullable R result) {
        Codec<R> codec = actor.responseCodec();
        if (codec == null || replyTo() == null) {
            return null;
        }
        if (result == null) {
            throw new NullPointerException("the handler returned null, which is no response");
        }
        return CodecException.encode(codec, result, "the response of " + actor);
    }

    private @Nullable String replyTo() {
        return source.headers().getIgnoringCase(EventHeaders.REPLY);
    }

    /** Acknowledges, then responds. */
    void succeeded(byte @Nullable [] response, Duration duration) {
        try {
            source.ack();
        } catch (RuntimeException e) {
            LOG.warn("{} handled {}, which will be delivered again, as it cannot be acknowledged", actor, source, e);
            tellFailure(e);
            return;
        }
        String replyTo = replyTo();
        if (response != null && replyTo != null) {
            respond(replyTo, response);
        }
        Attempt attempt = attempt();
        actor.middlewares().forEach(each -> told(each, "onSuccess", () -> each.onSuccess(attempt, duration)));
    }

    private void respond(String replyTo, byte[] response) {
        try {
            connection.publish(
                    Message.to(replyTo).headers(source.headers()).data(response).build());
        } catch (RuntimeException e) {
            LOG.warn("{} handled {}, but cannot respond to {}", actor, source, replyTo, e);
        }
    }

    /** Gives the message back for the delay of its delivery. */
    void failed(Throwable cause) {
        long deliveries = source.metadata().deliveries();
        if (actor.isLast(deliveries)) {
            LOG.warn("{} failed at {}, delivery {}, which was the last one", actor, source, deliveries, cause);
        } else {
            LOG.warn(
                    "{} failed at {}, delivery {}: will be delivered again in {}",
                    actor,
                    source,
                    deliveries,
                    actor.retryDelay(deliveries),
                    cause);
        }
        giveBack(actor.retryDelay(deliveries));
        tellFailure(cause);
    }

    private void tellFailure(Throwable cause) {
        Attempt attempt = attempt();
        actor.middlewares().forEach(each -> told(each, "onFailure", () -> each.onFailure(attempt, cause)));
    }

    /** The message is for another attempt, here or elsewhere. */
    void giveBack(Duration delay) {
        try {
            source.nak(delay);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot give {} back: it will be delivered again when its ack wait is over", actor, source, e);
        }
    }

    /** It is being handled still. */
    void pulse() {
        try {
            source.inProgress();
        } catch (RuntimeException e) {
            LOG.debug("{} cannot say that it is at {} still", actor, source, e);
        }
    }

    private Attempt attempt() {
        return new Attempt(actor, source, message);
    }

    @SuppressWarnings("CatchingUnchecked") // what a middleware throws changes nothing
    private void told(Middleware middleware, String what, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            LOG.warn("{} of {} failed, a middleware of {}", what, middleware, actor, e);
        }
    }
}
