// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.ConnectionClosedException;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.ConnectionListener;
import dev.midge.client.ConnectionStatus;
import dev.midge.client.DisconnectedException;
import dev.midge.client.NatsInterruptedException;
import dev.midge.client.OutboundFullException;
import dev.midge.client.internal.Exchange;
import dev.midge.client.internal.Exchanges;
import dev.midge.protocol.Headers;
import dev.midge.protocol.Nuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Publishes to streams: the window of outstanding acks, and what has to be published again. */
final class Publisher implements ConnectionListener {
    /** Such a part of all places is free at once: else the server would have nothing to do till the end of a long burst. */
    private static final int WORTH_WAKING = 8;

    private final Api api;
    private final JetStreamOptions options;
    private final Exchanges exchanges;
    private final Acks acks = new Acks();
    private final Semaphore window;

    /** Acks that came with the present burst of reads: their places become free at its end, at the latest. */
    private final AtomicInteger left = new AtomicInteger();

    private final Runnable freePlaces = this::freePlaces;
    private final LongAdder retries = new LongAdder();
    private final long timeoutNanos;
    private final long retryNanos;

    /** What waits for another server. */
    private final Queue<Later> later = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean listening = new AtomicBoolean();

    private record Later(Publication publication, Exchange<PublishAck> exchange) {}

    Publisher(Api api) {
        this.api = api;
        options = api.options();
        exchanges = Exchanges.of(api.connection());
        window = new Semaphore(options.publishWindow());
        timeoutNanos = nanos(options.timeout());
        retryNanos = nanos(options.publishRetryWait());
    }

    private static long nanos(Duration time) {
        return TimeUnit.NANOSECONDS.convert(time); // the longest there is if it is longer
    }

    PublishAck publish(String subject, @Nullable Headers given, byte[] data, PublishOptions how) {
        if (!exchanges.mayBlock()) {
            throw new IllegalStateException(
                    "publish waits for the ack, which an event loop must not: call publishAsync, or on another thread");
        }
        Publication publication = publication(subject, given, data, how, false);
        return exchanges.exchange(publication, subject, publication.headers(), data, publication.begin());
    }

    CompletableFuture<PublishAck> publishAsync(
            String subject, @Nullable Headers given, byte[] data, PublishOptions how) {
        Publication publication = publication(subject, given, data, how, true);
        PublishWindowFullException full = enterWindow(subject, publication.timeoutNanos());
        if (full != null) {
            return CompletableFuture.failedFuture(full);
        }
        try {
            return exchanges.exchangeAsync(publication, subject, publication.headers(), data, publication.begin());
        } catch (OutboundFullException | DisconnectedException | ConnectionClosedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Publication publication(
            String subject, @Nullable Headers given, byte[] data, PublishOptions how, boolean windowed) {
        Objects.requireNonNull(data, "data");
        how.check(api, subject);
        Headers headers = how.addTo(given);
        if (retriesOnReconnect() && (headers == null || !headers.contains(PublishOptions.MESSAGE_ID))) {
            Headers.Builder all = headers == null ? Headers.builder() : headers.toBuilder();
            headers = all.add(PublishOptions.MESSAGE_ID, Nuid.next()).build();
        }
        Duration timeout = how.timeout();
        return new Publication(this, subject, headers, data, timeout == null ? timeoutNanos : nanos(timeout), windowed);
    }

    /** Waits for a place in the window, if that may be. */
    private @Nullable PublishWindowFullException enterWindow(String subject, long nanos) {
        if (window.tryAcquire()) {
            return null;
        }
        boolean waits = options.publishOverflow() == PublishOverflow.WAIT && exchanges.mayBlock();
        try {
            if (waits && window.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NatsInterruptedException(
                    "interrupted while waiting to publish to " + subject + ": " + options.publishWindow()
                            + " acks are outstanding",
                    e);
        }
        return new PublishWindowFullException("cannot publish to " + subject + ": " + options.publishWindow()
                + " acks are outstanding, which is as many as may be (JetStreamOptions.publishWindow); "
                + (waits ? "waited " + Duration.ofNanos(nanos) : "not waited for"));
    }

    /** Whoever waits for a place is not woken for each: that takes longer than to use one. */
    void leaveWindow() {
        if (exchanges.mayBlock()) { // no event loop, whose burst of reads this would have to wait for
            window.release();
            return;
        }
        int count = left.incrementAndGet();
        if (count == 1) {
            exchanges.behindReads(freePlaces);
        } else if (count >= options.publishWindow() / WORTH_WAKING) {
            freePlaces();
        }
    }

    private void freePlaces() {
        window.release(left.getAndSet(0));
    }

    int pending() {
        return Math.max(0, options.publishWindow() - window.availablePermits() - left.get());
    }

    long now() {
        return exchanges.now();
    }

    /** Of the event loop. */
    Acks acks() {
        return acks;
    }

    long retries() {
        return retries.sum();
    }

    void retried() {
        retries.increment();
    }

    /** How long to wait until a message is published again, in nanoseconds; negative if it is not. */
    long nextRetry(int before) {
        int most = options.publishRetries();
        return most < 0 || before < most ? retryNanos : -1;
    }

    String nobody(int before) {
        return "no stream takes that subject, or it has no leader now, or JetStream is not enabled; published "
                + (before + 1) + " times, nothing was stored";
    }

    boolean retriesOnReconnect() {
        return options.onDisconnect() == OnDisconnect.RETRY;
    }

    /** Publishes it again when there is a server. */
    void sendLater(Publication publication, Exchange<PublishAck> exchange) {
        later.add(new Later(publication, exchange));
        if (listening.compareAndSet(false, true)) {
            api.connection().addListener(this);
            if (api.connection().status() == ConnectionStatus.CONNECTED) {
                sendSoon(); // the server came before there was anybody to be told
            }
        }
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Reconnected || event instanceof ConnectionEvent.Closed) {
            sendSoon(); // not here: it may have to wait, and others want to be told too
        }
    }

    private void sendSoon() {
        api.connection().removeListener(this);
        listening.set(false);
        exchanges.execute(this::sendNow);
    }

    private void sendNow() {
        List<Later> inOrder = new ArrayList<>();
        for (Later next = later.poll(); next != null; next = later.poll()) {
            inOrder.add(next);
        }
        inOrder.sort(Comparator.comparingLong(next -> next.exchange.number()));
        for (Later next : inOrder) {
            if (!next.exchange.future().isDone()) {
                next.publication.sendAgain(next.exchange, Long.MAX_VALUE);
            }
        }
    }
}
