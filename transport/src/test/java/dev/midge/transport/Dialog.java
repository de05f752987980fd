// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A handshake on a channel in memory, in virtual time. */
final class Dialog {
    static final Endpoint ENDPOINT = Endpoint.parse("nats://joe:hush@demo.example:4222");
    static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4222);
    static final Duration TIMEOUT = Duration.ofSeconds(2);
    static final String CONNECT_AND_PING =
            "CONNECT " + Connect.builder().name("t").build().toJson() + "\r\nPING\r\n";

    /** A channel in memory hands on the very buffer that was written, but here it is wiped once written. */
    final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ByteBuf out = (ByteBuf) message;
            var unused = ctx.write(out.copy(), promise);
            out.release();
        }
    });

    final Promise<Link> promise = channel.eventLoop().newPromise();
    final Handshake handshake;

    Dialog() {
        this(false);
    }

    Dialog(boolean verbose) {
        this(info -> CompletableFuture.completedFuture(
                Connect.builder().name("t").verbose(verbose).build()));
    }

    Dialog(Function<Info, CompletionStage<Connect>> connect) {
        channel.freezeTime();
        ConnectRequest request = ConnectRequest.to(ENDPOINT).timeout(TIMEOUT).build(connect);
        long deadline = channel.eventLoop().ticker().nanoTime() + TIMEOUT.toNanos();
        handshake = new Handshake(channel, request, ADDRESS, Runnable::run, deadline, promise);
        channel.pipeline().addLast(handshake);
    }

    /** One read of the socket. */
    void receive(String text) {
        ByteBuf in = channel.alloc().directBuffer();
        in.writeCharSequence(text, UTF_8);
        channel.writeInbound(in);
    }

    /** From now on a close does nothing: a closed channel in memory drops what is written to it. */
    void holdOpen() {
        channel.pipeline().addFirst("held open", new ChannelOutboundHandlerAdapter() {
            @Override
            public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
                promise.setSuccess();
            }
        });
    }

    void letClose() {
        channel.pipeline().remove("held open");
        peerCloses();
    }

    void peerCloses() {
        assertThat(channel.close().isSuccess()).isTrue();
        channel.runPendingTasks();
    }

    /** What was written since the last call; each write ends with a bar. */
    String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(UTF_8)).append('|');
            out.release();
        }
        return text.toString();
    }

    void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    Link link() {
        assertThat(promise.isDone()).isTrue();
        assertThat(promise.cause()).isNull();
        assertThat(channel.runScheduledPendingTasks())
                .as("the timer went with the handshake")
                .isEqualTo(-1);
        return promise.getNow();
    }

    ConnectFailedException failure() {
        assertThat(promise.isDone()).isTrue();
        assertThat(promise.cause()).isInstanceOf(ConnectFailedException.class);
        assertThat(channel.isOpen()).isFalse();
        ConnectFailedException failure = (ConnectFailedException) promise.cause();
        assertThat(failure).hasMessageStartingWith("cannot connect to nats://demo.example:4222 (127.0.0.1): ");
        assertThat(failure.endpoint()).isSameAs(ENDPOINT);
        assertThat(failure.address()).isSameAs(ADDRESS);
        assertThat(failure.toString()).doesNotContain("hush");
        return failure;
    }
}
