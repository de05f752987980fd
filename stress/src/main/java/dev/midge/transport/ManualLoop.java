// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that runs its tasks when a test says so, on the thread that says so, and a channel of it that takes all
 * it is given. No more than an {@link OutboundBuffer} asks of them.
 */
final class ManualLoop {
    private static final EmbeddedChannel WITHOUT_HANDLERS = new EmbeddedChannel();

    final EventLoop eventLoop = proxy(EventLoop.class, this::callLoop);
    final Channel channel = proxy(Channel.class, this::callChannel);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread thread;

    /** How many bytes the channel took. */
    long bytes;

    /** Runs as the event loop: this, and what tasks there are and come meanwhile. */
    void run(Runnable first) {
        thread = Thread.currentThread();
        first.run();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        thread = null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object callLoop(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "execute" -> tasks.add((Runnable) arguments[0]);
            case "inEventLoop" -> Thread.currentThread() == thread;
            case "parent" -> null;
            default -> InvocationHandler.invokeDefault(proxy, method, arguments);
        };
    }

    private Object callChannel(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "write" -> written((ByteBuf) arguments[0]);
            case "flush" -> proxy;
            case "isActive" -> true;
            case "pipeline" -> WITHOUT_HANDLERS.pipeline();
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private ChannelFuture written(ByteBuf piece) {
        bytes += piece.readableBytes();
        piece.release();
        return new DefaultChannelPromise(WITHOUT_HANDLERS, ImmediateEventExecutor.INSTANCE).setSuccess();
    }
}
