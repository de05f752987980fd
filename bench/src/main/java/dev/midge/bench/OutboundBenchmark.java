// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import dev.midge.transport.EventLoops;
import dev.midge.transport.OutboundBuffer;
import dev.midge.transport.TransportKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time for one message into an outbound buffer that an event loop empties, into a socket whose other end reads and
 * forgets, or into nothing. Beside it: a plain copy of the same bytes, and the same bytes, encoded beforehand, written
 * to such a socket 64 KiB at a time.
 *
 * <p>GC figures are of all threads; {@code callerBytes} divided by {@code calls} is what a call allocates on its
 * own thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OutboundBenchmark {
    private static final String SUBJECT = "orders.europe.new.a";
    private static final int CHUNK = 64 << 10;
    private static final long LIMIT = 8 << 20;
    private static final int REPLIES = 64;

    /** Reads and forgets what comes. */
    private static final class Sink implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final Thread reader = new Thread(this::read, "sink");

        Sink() throws IOException {
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (Socket socket = server.accept();
                    InputStream in = socket.getInputStream()) {
                byte[] bytes = new byte[256 << 10];
                int n = 0;
                while (n >= 0) {
                    n = in.read(bytes);
                }
            } catch (IOException e) {
                // the benchmark is over
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** What a publisher publishes. */
    @State(Scope.Thread)
    public static class Message {
        /** Bytes of payload. */
        @Param({"16", "128", "1024", "16384"})
        public int payload;

        private byte[] array = {};
        private byte[] frame = {};
        private ByteBuf direct = Unpooled.EMPTY_BUFFER;

        @Setup
        public void setUp() {
            array = new byte[payload];
            frame = ("PUB " + SUBJECT + " " + payload + "\r\n" + "x".repeat(payload) + "\r\n").getBytes(US_ASCII);
            direct = ByteBufAllocator.DEFAULT.directBuffer(payload).writeZero(payload);
        }

        @TearDown
        public void tearDown() {
            direct.release();
        }
    }

    /** An outbound buffer, shared by all publishers, and what empties it. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp
    public static class Outbound {
        /** Where the bytes go. */
        @Param({"socket", "nothing"})
        public String sink;

        /** Who brings them there. */
        @Param({"EPOLL"})
        public TransportKind transport;

        private Sink reader;
        private EventLoops.Lease lease;
        private Channel channel;
        private OutboundBuffer buffer;
        private long loopThread;
        private final AtomicLong flushes = new AtomicLong();

        @Setup
        public void setUp() throws Exception {
            reader = new Sink();
            lease = EventLoops.own(transport, 1).acquire();
            EventLoop loop = lease.next();
            channel = new Bootstrap()
                    .group(loop)
                    .channel(transport == TransportKind.NIO ? NioSocketChannel.class : EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(reader.server.getLocalSocketAddress())
                    .sync()
                    .channel();
            channel.pipeline().addFirst(new LastHandler());
            loopThread = loop.submit(() -> Thread.currentThread().getId()).get();
            buffer = new OutboundBuffer(loop, channel.alloc(), ForkJoinPool.commonPool(), LIMIT, (m, b, cause) -> {});
            loop.submit(() -> buffer.attach(channel)).sync();
        }

        /** Counts, and takes what is to come to nothing before it comes to the socket. */
        private final class LastHandler extends ChannelOutboundHandlerAdapter {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                if (sink.equals("nothing")) {
                    ReferenceCountUtil.release(message);
                    promise.setSuccess();
                } else {
                    ChannelFuture unused = ctx.write(message, promise);
                }
            }

            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes.lazySet(flushes.get() + 1); // no other thread writes
                ctx.flush();
            }
        }

        @TearDown
        public void tearDown() throws Exception {
            channel.close().sync();
            lease.release();
            reader.close();
        }
    }

    /** What all calls of all iterations cost beside the time of their callers: to be divided by {@link #calls()}. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Costs {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        // Private, or JMH would set them to zero behind start().
        private long calls;
        private long callerBytes;
        private long callerCpu;
        private long loopCpu;
        private long flushes;

        @Setup(Level.Iteration)
        public void start(Outbound to) {
            calls = 0;
            callerBytes = -THREADS.getCurrentThreadAllocatedBytes();
            callerCpu = -THREADS.getCurrentThreadCpuTime();
            loopCpu = -THREADS.getThreadCpuTime(to.loopThread);
            flushes = -to.flushes.get();
        }

        @TearDown(Level.Iteration)
        public void end(Outbound to) {
            callerBytes += THREADS.getCurrentThreadAllocatedBytes();
            callerCpu += THREADS.getCurrentThreadCpuTime();
            loopCpu += THREADS.getThreadCpuTime(to.loopThread);
            flushes += to.flushes.get();
        }

        /** Messages published. */
        public long calls() {
            return calls;
        }

        /** Bytes allocated by the calling threads; between the iterations JMH does that, too. */
        public long callerBytes() {
            return callerBytes;
        }

        /** Nanoseconds of processor time of the calling threads. */
        public long callerCpu() {
            return callerCpu;
        }

        /** Nanoseconds of processor time of the event loop. */
        public long loopCpu() {
            return loopCpu;
        }

        /** How often what had come was written. */
        public long flushes() {
            return flushes;
        }
    }

    /** An outbound buffer used on its event loop only, as by replies that are sent while reading. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp
    public static class OnLoop {
        private EmbeddedChannel channel;
        private OutboundBuffer buffer;

        @Setup
        public void setUp() {
            channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                    ReferenceCountUtil.release(message);
                    promise.setSuccess();
                }
            });
            buffer = new OutboundBuffer(
                    channel.eventLoop(),
                    ByteBufAllocator.DEFAULT,
                    ForkJoinPool.commonPool(),
                    LIMIT,
                    (m, b, cause) -> {});
            buffer.attach(channel);
        }

        @TearDown
        public void tearDown() {
            channel.finishAndReleaseAll();
            buffer.discard(new IOException("the benchmark is over"));
        }
    }

    /** A socket of the JDK. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp
    public static class Raw {
        private Sink reader;
        private SocketChannel socket;
        private ByteBuffer chunk;

        @Setup
        public void setUp() throws IOException {
            reader = new Sink();
            socket = SocketChannel.open(reader.server.getLocalSocketAddress());
            chunk = ByteBuffer.allocateDirect(CHUNK);
        }

        @TearDown
        public void tearDown() throws IOException {
            socket.close();
            reader.close();
        }
    }

    /** A chunk of the kind that the outbound buffer fills. */
    @State(Scope.Thread)
    public static class Chunk {
        private final ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(CHUNK, CHUNK);

        @TearDown
        public void tearDown() {
            bytes.release();
        }
    }

    @Benchmark
    public Object publish(Outbound to, Message message, Costs costs) throws InterruptedException {
        costs.calls++;
        return to.buffer.publish(SUBJECT, null, null, message.array, 0, message.payload, Long.MAX_VALUE, null, null);
    }

    @Benchmark
    public Object publishDirect(Outbound to, Message message, Costs costs) throws InterruptedException {
        costs.calls++;
        return to.buffer.publish(SUBJECT, null, null, message.direct, Long.MAX_VALUE, null);
    }

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public void reply(OnLoop to, Message message) throws InterruptedException {
        to.buffer.readStarted();
        for (int i = 0; i < REPLIES; i++) {
            to.buffer.publish(SUBJECT, null, null, message.array, 0, message.payload, 0, null, null);
        }
        to.buffer.readComplete();
    }

    @Benchmark
    public ByteBuf copy(Chunk chunk, Message message) {
        ByteBuf bytes = chunk.bytes;
        if (bytes.writableBytes() < message.frame.length) {
            bytes.clear();
        }
        return bytes.writeBytes(message.frame);
    }

    @Benchmark
    public ByteBuffer raw(Raw to, Message message) throws IOException {
        ByteBuffer chunk = to.chunk;
        if (chunk.remaining() < message.frame.length) {
            chunk.flip();
            while (chunk.hasRemaining()) {
                to.socket.write(chunk);
            }
            chunk.clear();
        }
        return chunk.put(message.frame);
    }
}
