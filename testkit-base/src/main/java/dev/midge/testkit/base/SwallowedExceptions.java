// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.netty.util.internal.logging.Slf4JLoggerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the loggers of those classes of Netty that catch what user code throws and then only log it. What they
 * log goes on to where it went before. With a logging framework other than SLF4J and java.util.logging nothing is
 * heard.
 */
final class SwallowedExceptions extends InternalLoggerFactory {
    private static final Set<String> SWALLOWING = Set.of(
            "io.netty.channel.AbstractChannelHandlerContext",
            "io.netty.channel.ChannelInitializer",
            "io.netty.channel.DefaultChannelPipeline",
            "io.netty.util.HashedWheelTimer",
            "io.netty.util.concurrent.AbstractEventExecutor",
            "io.netty.util.concurrent.DefaultPromise",
            "io.netty.util.concurrent.SingleThreadEventExecutor");

    private final Function<String, InternalLogger> origin;
    private final BiConsumer<String, Throwable> listener;

    private SwallowedExceptions(Function<String, InternalLogger> origin, BiConsumer<String, Throwable> listener) {
        this.origin = origin;
        this.listener = listener;
    }

    /** To be called before those classes are initialised; the listener gets the class's name and the exception. */
    static void install(BiConsumer<String, Throwable> listener) {
        InternalLoggerFactory current = InternalLoggerFactory.getDefaultFactory();
        // newInstance is public in these classes only, so what an unknown factory makes cannot be passed through.
        if (current instanceof Slf4JLoggerFactory slf4j) {
            setDefaultFactory(new SwallowedExceptions(slf4j::newInstance, listener));
        } else if (current instanceof JdkLoggerFactory jdk) {
            setDefaultFactory(new SwallowedExceptions(jdk::newInstance, listener));
        }
    }

    @Override
    protected InternalLogger newInstance(String name) {
        InternalLogger logger = origin.apply(name);
        return SWALLOWING.contains(name) ? listening(name, logger) : logger;
    }

    private InternalLogger listening(String name, InternalLogger logger) {
        return (InternalLogger) Proxy.newProxyInstance(
                InternalLogger.class.getClassLoader(), new Class<?>[] {InternalLogger.class}, (proxy, method, args) -> {
                    if (method.getName().equals("warn") || method.getName().equals("error")) {
                        Throwable thrown = throwableIn(args);
                        if (thrown != null) {
                            listener.accept(name, thrown);
                        }
                    }
                    return call(method, logger, args);
                });
    }

    private static @Nullable Object call(Method method, InternalLogger logger, Object @Nullable [] args)
            throws Throwable {
        try {
            return method.invoke(logger, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /**
     * The first: {@code warn(String, Throwable)}, {@code warn(String, Object...)}; where there is a second one, that
     * was on its way before.
     */
    private static @Nullable Throwable throwableIn(Object @Nullable [] args) {
        if (args != null) {
            for (Object arg : args) {
                Throwable thrown = arg instanceof Object[] varargs
                        ? throwableIn(varargs)
                        : arg instanceof Throwable found ? found : null;
                if (thrown != null) {
                    return thrown;
                }
            }
        }
        return null;
    }
}
