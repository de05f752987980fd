// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.client.Connection;
import dev.midge.protocol.internal.Json;
import dev.midge.testkit.EmbeddedServer;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * R-F12: the Reactive Streams TCK for {@link Consumer#publisher()}, whose consumer the test plays. It is written for TestNG;
 * JUnit runs its methods here, but for those that it names {@code untested_}, which test nothing. Aborted are those that the
 * TCK itself skips, and those for publishers of no element, as no consumption ends before its first.
 */
class PullPublisherTckTest {
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final long NO_SIGNAL_MILLIS = 50;

    @TestFactory
    java.util.stream.Stream<DynamicTest> rules() {
        return Arrays.stream(Verification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class)
                        && !method.getName().startsWith("untested_"))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> verify(method)));
    }

    private static void verify(Method rule) throws Throwable {
        try (EmbeddedServer server = EmbeddedServer.start();
                Connection peer = Patience.connect(server.url());
                Connection nc = Patience.connect(server.url())) {
            deliver(peer);
            Verification verification = new Verification(nc, server);
            verification.setUp();
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                Assumptions.abort(rule.getName() + ": " + skipped.getMessage());
            }
            throw e.getCause();
        }
    }

    /** Answers each pull with as many messages as it asks for. */
    private static void deliver(Connection peer) {
        AtomicLong sequence = new AtomicLong();
        peer.subscribe("$JS.API.CONSUMER.MSG.NEXT.S.C", pull -> {
            long batch = Json.parse(pull.data()).get("batch") instanceof Long asked ? asked : 0;
            String to = String.valueOf(pull.replyTo());
            for (long left = batch; left > 0; left--) {
                peer.publish(to, String.valueOf(sequence.incrementAndGet()));
            }
        });
        peer.flush(Patience.LONG);
    }

    /** Each publisher is one of the same consumer, which never runs dry. */
    public static final class Verification extends FlowPublisherVerification<JetStreamMessage> {
        private final Connection nc;
        private final EmbeddedServer server;

        Verification(Connection nc, EmbeddedServer server) {
            super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS, NO_SIGNAL_MILLIS));
            this.nc = nc;
            this.server = server;
        }

        @Override
        public Flow.Publisher<JetStreamMessage> createFlowPublisher(long elements) {
            if (elements == 0) {
                throw new SkipException("a consumption does not end before its first message");
            }
            return consumer(nc)
                    .publisher(ConsumeOptions.builder().stopAfter(elements).build());
        }

        private static Consumer consumer(Connection connection) {
            return JetStream.of(connection).stream("S").consumer("C");
        }

        /** One of a connection that has ended. */
        @Override
        public Flow.Publisher<JetStreamMessage> createFailedFlowPublisher() {
            Connection ended = Patience.connect(server.url());
            Flow.Publisher<JetStreamMessage> publisher = consumer(ended).publisher();
            ended.close();
            return publisher;
        }

        /** As the TCK has it, but that gives the garbage collector a tenth of a second: this asks until it has come. */
        @Override
        @Test
        public void required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
                throws Throwable {
            Flow.Publisher<JetStreamMessage> publisher = createFlowPublisher(3);
            WeakReference<First> cancelled = cancelled(publisher);
            try {
                Patience.until("the subscriber to be dropped", () -> {
                    System.gc();
                    return cancelled.refersTo(null);
                });
            } finally {
                Reference.reachabilityFence(publisher);
            }
        }

        private static WeakReference<First> cancelled(Flow.Publisher<JetStreamMessage> publisher)
                throws InterruptedException {
            First subscriber = new First();
            publisher.subscribe(subscriber);
            if (!subscriber.came.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("no message came");
            }
            return new WeakReference<>(subscriber);
        }
    }

    /** Takes one message, and cancels. */
    private static final class First implements Flow.Subscriber<JetStreamMessage> {
        private final CountDownLatch came = new CountDownLatch(1);
        private Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(JetStreamMessage message) {
            Objects.requireNonNull(subscription).cancel();
            came.countDown();
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
