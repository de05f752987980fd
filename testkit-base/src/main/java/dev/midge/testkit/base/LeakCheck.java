// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.function.Executable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails a test that leaves something behind: a thread, an open channel, a timer, a Netty buffer, or an exception that
 * nobody caught. What is looked at:
 *
 * <ul>
 *   <li><b>threads</b>: every new platform thread, except those that the JDK, JUnit, Surefire and jqwik keep, and
 *       Netty's {@code GlobalEventExecutor}; so also every event loop, executor, {@code java.util.Timer};
 *   <li><b>sockets</b>: every new TCP or UDP socket of the process (Linux only: read from {@code /proc}), so every
 *       network channel, even on an event loop that lives on;
 *   <li><b>resources</b>: everything Netty's leak detection knows (pooled and direct {@code ByteBuf}, {@code
 *       HashedWheelTimer}, native TLS engines), counted exactly from allocation to release, whatever the detection
 *       level. At level {@code paranoid} the failure also tells where a leaked buffer was used last. Buffers made in
 *       a static initialiser are constants and do not count;
 *   <li><b>uncaught</b>: exceptions that ended a thread, and those that Netty caught from user code and merely logged
 *       (end of the pipeline, task, timer, listener).
 * </ul>
 *
 * Tasks scheduled on an event loop that lives on are not seen.
 *
 * <p>Each test is checked after its {@code @AfterEach} methods and everything that other extensions close for it; its
 * baseline is taken after {@code @BeforeAll}, so what a class shares is not the test's. Each class is checked after
 * {@code @AfterAll}. The check waits until all is gone, at most for {@value #DEFAULT_TIMEOUT_MILLIS} ms or what the
 * configuration parameter {@value #TIMEOUT} says (ISO 8601, {@code PT5S}); a clean test waits not at all.
 *
 * <p>To put it on every test, set JUnit's {@code junit.jupiter.extensions.autodetection.enabled=true}; to put it on
 * one class, {@code @ExtendWith(LeakCheck.class)}. In other engines call {@link #verify}. Tests that run in parallel
 * cannot be told apart and are refused.
 */
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback {
    /** Name of the JUnit configuration parameter that sets how long a check waits, as an ISO 8601 duration. */
    public static final String TIMEOUT = "midge.leakcheck.timeout";

    /** Far longer than the 2 s of quiet that Netty's {@code shutdownGracefully()} takes unless told otherwise. */
    static final long DEFAULT_TIMEOUT_MILLIS = 10_000;

    private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
    private static final LeakProbe EXCEPTIONS = new ExceptionProbe();
    private static final List<LeakProbe> ALL =
            List.of(EXCEPTIONS, new ResourceProbe(), new ThreadProbe(), new SocketProbe());
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    /** For JUnit. */
    public LeakCheck() {}

    /** Puts the instruments in place, once. */
    static void install() {
        if (INSTALLED.compareAndSet(false, true)) {
            ExceptionProbe.install();
            ResourceProbe.install();
        }
    }

    /**
     * Runs something and checks it as a test is checked: for engines other than Jupiter. Blocks as long as the body
     * runs, and then until all is gone, for the default time at most.
     *
     * @param what to be called so in the failure
     * @throws AssertionError when the body left something behind
     * @throws Throwable what the body throws; a leak is then added as suppressed
     */
    public static void verify(String what, Executable body) throws Throwable {
        verify(what, Duration.ofMillis(DEFAULT_TIMEOUT_MILLIS), body);
    }

    static void verify(String what, Duration timeout, Executable body) throws Throwable {
        LeakWindow window = open(what, timeout, List.of(), ALL);
        try {
            body.execute();
        } catch (Throwable thrown) {
            try {
                window.check();
            } catch (AssertionError leaks) {
                thrown.addSuppressed(leaks);
            }
            throw thrown;
        }
        window.check();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        boolean withinPerClass = elements(context)
                .filter(element -> !Optional.of(element).equals(context.getElement()))
                .anyMatch(LeakCheck::isPerClass);
        open(context, withinPerClass ? List.of(EXCEPTIONS) : ALL);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        open(context, elements(context).anyMatch(LeakCheck::isPerClass) ? List.of(EXCEPTIONS) : ALL);
    }

    private static boolean isPerClass(AnnotatedElement element) {
        return AnnotationSupport.isAnnotated(element, PerClass.class);
    }

    private static void open(ExtensionContext context, List<LeakProbe> probes) {
        if (context.getConfigurationParameter("junit.jupiter.execution.parallel.enabled", Boolean::valueOf)
                .orElse(false)) {
            throw new ExtensionConfigurationException("LeakCheck cannot tell what tests leak that run in parallel: set"
                    + " junit.jupiter.execution.parallel.enabled=false");
        }
        String what = context.getTestMethod()
                .map(method -> context.getRequiredTestClass().getSimpleName() + "." + method.getName() + ": "
                        + context.getDisplayName())
                .orElseGet(() -> context.getRequiredTestClass().getName() + " (checked after @AfterAll)");
        LeakWindow window = open(what, timeout(context), allowed(context), probes);
        // Closed after everything that other extensions put into the store later, hence after what they own is closed.
        context.getStore(NAMESPACE).put(LeakWindow.class, (AutoCloseable) window::check);
    }

    private static LeakWindow open(String what, Duration timeout, List<Allow> allowed, List<LeakProbe> probes) {
        install();
        if (!ResourceProbe.isInstalled()) {
            throw new ExtensionConfigurationException("LeakCheck cannot see Netty's buffers, because Netty's buffer"
                    + " classes were initialised before it: put junit-platform-launcher on the class path of the tests,"
                    + " or register LeakCheck for all tests with junit.jupiter.extensions.autodetection.enabled=true");
        }
        ExceptionProbe.watchThreads();
        return new LeakWindow(what, timeout, allowed, probes);
    }

    private static Duration timeout(ExtensionContext context) {
        String text = context.getConfigurationParameter(TIMEOUT).orElse(null);
        try {
            return text == null ? Duration.ofMillis(DEFAULT_TIMEOUT_MILLIS) : Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new ExtensionConfigurationException(
                    TIMEOUT + " is \"" + text + "\", which is no ISO 8601 duration such as PT3S", e);
        }
    }

    private static List<Allow> allowed(ExtensionContext context) {
        return elements(context)
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Allow.class).stream())
                .toList();
    }

    /** The method, its class and the classes around it. */
    private static Stream<AnnotatedElement> elements(ExtensionContext context) {
        return Stream.iterate(Optional.of(context), Optional::isPresent, at -> at.flatMap(ExtensionContext::getParent))
                .flatMap(at -> at.flatMap(ExtensionContext::getElement).stream())
                .distinct();
    }

    /**
     * What a test, or every test of a class and the class itself, may leave behind. Each member is a regular
     * expression that has to be found in the leak's name; the empty one, the default, allows nothing.
     */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    public @interface Allow {
        /** Found in the thread's name. */
        String threads() default "";

        /** Found in a line such as {@code tcp 127.0.0.1:4222 -> 127.0.0.1:50000 ESTABLISHED}. */
        String sockets() default "";

        /** Found in the resource's simple class name, followed by the stack trace of its creation. */
        String resources() default "";

        /** Found in the exception's {@code toString()}. */
        String uncaught() default "";

        /** Why it may stay: for the reader. */
        String because();
    }

    /**
     * For a class whose tests share something that grows while they run, such as event loops that start their threads
     * on first use: its tests and nested classes are checked for uncaught exceptions only, and all the rest is
     * checked once after {@code @AfterAll}.
     */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    public @interface PerClass {
        /** What is shared, and why a single test cannot be checked: for the reader. */
        String because();
    }
}
