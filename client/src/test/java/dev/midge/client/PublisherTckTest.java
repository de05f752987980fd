// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * R-F12: the Reactive Streams TCK for {@link Subscription#publisher()}. It is written for TestNG; JUnit runs its methods
 * here, but for those that it names {@code untested_}, which test nothing. Aborted are those that the TCK itself skips:
 * {@code optional_spec111}, which is for publishers of several subscribers.
 */
class PublisherTckTest {
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final long NO_SIGNAL_MILLIS = 50;

    /** The publisher of a stream that is longer than any test needs sends as many. */
    private static final int ENDLESS = 1_000;

    @TestFactory
    Stream<DynamicTest> rules() {
        return Arrays.stream(Verification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class)
                        && !method.getName().startsWith("untested_"))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> verify(method)));
    }

    private static void verify(Method rule) throws Throwable {
        try (Session session = Session.open()) {
            Verification verification = new Verification(session);
            verification.setUp();
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                Assumptions.abort(rule.getName() + ": " + skipped.getMessage());
            }
            throw e.getCause();
        }
    }

    /** Each publisher is that of a subscription of its own, to which the server sends what is asked for. */
    public static final class Verification extends FlowPublisherVerification<Message> {
        private final Session session;

        Verification(Session session) {
            super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS, NO_SIGNAL_MILLIS));
            this.session = session;
        }

        @Override
        public Flow.Publisher<Message> createFlowPublisher(long elements) {
            if (elements > ENDLESS) {
                return published(session.nc.subscribe("a"), ENDLESS);
            }
            if (elements == 0) {
                Subscription ended = session.nc.subscribe("a");
                ended.unsubscribe();
                return ended.publisher();
            }
            SubscribeOptions options =
                    SubscribeOptions.builder().maxMessages(elements).build();
            return published(session.nc.subscribe("a", options), (int) elements);
        }

        private Flow.Publisher<Message> published(Subscription subscription, int count) {
            session.peer.send(Session.msgs("a", subscription.sid(), 0, count));
            return subscription.publisher();
        }

        /** As the TCK has it, but that gives the garbage collector a tenth of a second: this asks until it has come. */
        @Override
        @Test
        public void required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
                throws Throwable {
            Flow.Publisher<Message> publisher = createFlowPublisher(3);
            WeakReference<Collecting> cancelled = cancelled(publisher);
            try {
                Eventually.isTrue("the subscriber to be dropped", () -> {
                    System.gc();
                    return cancelled.refersTo(null);
                });
            } finally {
                Reference.reachabilityFence(publisher);
            }
        }

        private static WeakReference<Collecting> cancelled(Flow.Publisher<Message> publisher) throws Exception {
            Collecting subscriber = new Collecting();
            publisher.subscribe(subscriber);
            subscriber.subscription().request(1);
            subscriber.await(1);
            subscriber.subscription().cancel();
            return new WeakReference<>(subscriber);
        }

        /** One that serves somebody already, and so nobody else. */
        @Override
        public Flow.Publisher<Message> createFailedFlowPublisher() {
            Flow.Publisher<Message> publisher = session.nc.subscribe("a").publisher();
            publisher.subscribe(new Collecting());
            return publisher;
        }
    }
}
