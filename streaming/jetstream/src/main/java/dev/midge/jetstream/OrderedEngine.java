// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.NatsInterruptedException;
import dev.midge.client.NatsTimeoutException;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Headers;
import dev.midge.protocol.MessageView;
import dev.midge.protocol.Subjects;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Pulls from consumers of its own, one after the other: each starts behind the last message that was taken from those before.
 * All of it is on the connection's event loop, but where it says otherwise.
 */
final class OrderedEngine extends PullEngine {
    private static final long FIRST_DELAY = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_DOUBLINGS = 5;

    /** So many attempts in vain. */
    private static final int SLOW_AFTER = 4;

    private final OrderedSource source;
    private final OrderedCursor cursor;
    private final Exchanges exchanges;

    /** From the beginning of an attempt to the next. */
    private final long longestDelay;

    /** For an answer: no longer than for a heartbeat on the leader that was lost meanwhile, but where that is never enough. */
    private final long patience;

    private final OrderedName name;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    /** Consumers that are of no use any more, and may be there. */
    private final Set<String> abandoned = new LinkedHashSet<>();

    private int failures;
    private long begunAt;
    private boolean creating;
    private boolean asking;
    private boolean begins = true;
    private int timesGone;
    private @Nullable ScheduledFuture<?> attempt;

    OrderedEngine(OrderedSource source, Pulling pulling, long wanted, OrderedCursor cursor) {
        this(source, new OrderedName(source.stream()), pulling, wanted, cursor);
    }

    private OrderedEngine(OrderedSource source, OrderedName name, Pulling pulling, long wanted, OrderedCursor cursor) {
        super(source.api(), source.what(), name, pulling, wanted);
        this.source = source;
        this.name = name;
        this.cursor = cursor;
        if (cursor.behind() >= 0) {
            name.startBehind(cursor.behind());
        }
        exchanges = Exchanges.of(connection());
        Duration heartbeat = pulling.request().heartbeat();
        long beat = heartbeat == null ? LONGEST_DELAY : Math.max(FIRST_DELAY, heartbeat.toNanos());
        longestDelay = Math.min(LONGEST_DELAY, beat);
        patience = beat;
    }

    /** From any thread but an event loop: waits until the first consumer has been made, or cannot be. */
    void awaitBegin(Runnable stop) {
        Duration timeout = api().options().timeout();
        try {
            begun.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            stop.run();
            if (e.getCause() instanceof JetStreamApiException refused) {
                throw refused;
            }
            throw new JetStreamException("cannot " + what() + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            stop.run();
            throw new NatsTimeoutException("cannot " + what() + ": its consumer was not made within " + timeout);
        } catch (InterruptedException e) {
            stop.run();
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException("interrupted while waiting to " + what(), e);
        }
    }

    @Override
    void onServer() {
        failures = 0;
        restart("connected to another server");
        if (!asking) {
            cancel(attempt);
            create();
        }
    }

    @Override
    void onSilence() {
        restart("heartbeats were missed");
    }

    @Override
    boolean replaces(PullDecision decision) {
        if (decision instanceof PullDecision.Verify) {
            restart("nobody answers for it");
            return true;
        }
        if (decision instanceof PullDecision.End end && end.end() == ConsumeEnd.CONSUMER_DELETED) {
            restart("it was deleted");
            return true;
        }
        return false;
    }

    @Override
    boolean takes(MessageView view) {
        if (creating || !name.isOwn(view)) {
            return false; // of one that was left
        }
        long expected = name.consumerSequence() + 1;
        if (name.readConsumerSequence() != expected) {
            restart("delivery " + name.readConsumerSequence() + " came in place of " + expected);
            return false;
        }
        name.taken();
        failures = 0;
        return true;
    }

    @Override
    void onHeartbeat(Headers headers) {
        long last = Arrivals.number(headers, "Nats-Last-Consumer", 0);
        if (!creating && last > name.consumerSequence()) {
            restart("delivery " + last + " did not come");
        }
    }

    /** Leaves the present consumer, if any, and makes another one soon. */
    private void restart(String reason) {
        if (creating || end() != null) {
            return;
        }
        creating = true;
        if (!name.name().isEmpty()) {
            abandoned.add(name.name());
            reports().tell(new ConsumeEvent.Restarted(name.name(), reason));
        }
        step(new PullEvent.Lost());
        createLater();
    }

    /** An attempt that nobody answered has been waited for already. */
    private void createLater() {
        long delay = 0;
        if (failures > 0) {
            long backoff = FIRST_DELAY << Math.min(failures - 1, MOST_DOUBLINGS);
            delay = Math.max(0, begunAt + Math.min(backoff, longestDelay) - exchanges.now());
        }
        failures++;
        attempt = loop().schedule(this::create, delay, TimeUnit.NANOSECONDS);
    }

    private void create() {
        if (end() != null || asking || !creating || !isConnected()) {
            return; // when it is connected again, it comes back
        }
        asking = true;
        Duration most = api().options().timeout();
        Duration wait = Duration.ofNanos(patience).multipliedBy(1 + failures / SLOW_AFTER);
        begunAt = exchanges.now();
        String fresh = source.names().get();
        ConsumerConfig config = source.config();
        if (name.streamSequence() >= 0) {
            config = config.toBuilder()
                    .deliverPolicy(DeliverPolicy.BY_START_SEQUENCE)
                    .optStartSeq(name.streamSequence() + 1)
                    .optStartTime(null)
                    .build();
        }
        Map<String, @Nullable Object> whole = config.tree();
        whole.put(ConsumerConfig.NAME.name(), fresh);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("stream_name", name.stream());
        body.put("config", whole);
        String filter = config.filterSubject();
        // as in Stream.put: a filter with wildcards cannot stand in a subject
        String suffix = filter == null || Subjects.isWildcard(filter) ? "" : "." + filter;
        var unused = AsyncApi.ask(
                        api(),
                        what(),
                        "CONSUMER.CREATE." + name.stream() + "." + fresh + suffix,
                        body,
                        wait.compareTo(most) < 0 ? wait : most)
                .whenComplete((answer, problem) -> onLoop(() -> created(fresh, answer, AsyncApi.cause(problem))));
    }

    private void created(String fresh, @Nullable Map<String, @Nullable Object> answer, @Nullable Throwable problem) {
        asking = false;
        if (end() != null) {
            delete(fresh);
        } else if (problem != null || answer == null) {
            abandoned.add(fresh); // it may have been made all the same
            failed(problem);
        } else {
            creating = false;
            timesGone = 0;
            name.use(fresh);
            if (source.config().deliverPolicy() != DeliverPolicy.LAST_PER_SUBJECT) {
                name.startBehind(behind(answer));
                cursor.startBehind(name.streamSequence());
            }
            begins = false;
            begun.complete(null);
            step(new PullEvent.Ready());
            List.copyOf(abandoned).forEach(this::delete);
        }
    }

    /** The last message before those that it delivers. */
    private static long behind(Map<String, @Nullable Object> answer) {
        return answer.get("delivered") instanceof Map<?, ?> delivered
                        && delivered.get("stream_seq") instanceof Long last
                ? last
                : 0;
    }

    private void failed(@Nullable Throwable problem) {
        if (problem instanceof JetStreamException refused && begins) {
            begun.completeExceptionally(refused);
            finish(ConsumeEnd.REFUSED, refused);
            return;
        }
        boolean noStream =
                problem instanceof JetStreamApiException refused && refused.errCode() == Api.STREAM_NOT_FOUND;
        timesGone = noStream ? timesGone + 1 : 0;
        if (timesGone > 1) { // said once, it may be by a server that has just begun
            finish(
                    ConsumeEnd.STREAM_DELETED,
                    new ConsumeException(
                            "cannot " + what() + ": there is no such stream any more",
                            ConsumeEnd.STREAM_DELETED,
                            null,
                            problem));
            return;
        }
        createLater();
    }

    /** As far as it can be done now; what is left is tried again with the next one, and ends by itself after some minutes. */
    private void delete(String consumer) {
        var unused = AsyncApi.ask(api(), what(), "CONSUMER.DELETE." + name.stream() + "." + consumer, null)
                .whenComplete((answer, problem) -> onLoop(() -> {
                    boolean gone = problem == null || AsyncApi.cause(problem) instanceof JetStreamApiException;
                    if (gone) {
                        abandoned.remove(consumer);
                    }
                }));
    }

    @Override
    void onEnded() {
        super.onEnded();
        cancel(attempt);
        if (!name.name().isEmpty()) {
            abandoned.add(name.name());
        }
        List.copyOf(abandoned).forEach(this::delete);
        begun.completeExceptionally(new JetStreamException("it was stopped"));
    }
}
