// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.WebSocketBytes.FIN;
import static dev.midge.transport.WebSocketBytes.ascii;
import static dev.midge.transport.WebSocketBytes.binary;
import static dev.midge.transport.WebSocketBytes.bytes;
import static dev.midge.transport.WebSocketBytes.close;
import static dev.midge.transport.WebSocketBytes.concat;
import static dev.midge.transport.WebSocketBytes.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.ProtocolException;
import dev.midge.transport.WebSocketBytes.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F7: masking, lengths, fragments, control frames and closes, after the cases of the Autobahn test suite. */
class WebSocketHandlerTest {
    private static final int MAX = 1 << 20;

    private final WebSocketPipe pipe = new WebSocketPipe(MAX, false);

    @AfterEach
    void end() {
        pipe.end();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65535, 65536, 65537, MAX})
    void eachLengthIn(int length) {
        byte[] data = random(length);
        pipe.receive(frame(FIN | 2, data), binary("x"));
        assertThat(pipe.data()).isEqualTo(concat(data, ascii("x")));
        assertThat(pipe.failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void framesInPieces(int size) {
        byte[] data = random(size < 100 ? 300 : 70_000);
        byte[] wire = concat(
                frame(2, data),
                frame(0, ascii("-")),
                frame(FIN | 9, ascii("ping")),
                frame(FIN, ascii("-")),
                binary("x"));
        pipe.receiveInPieces(size, wire);
        assertThat(pipe.data()).isEqualTo(concat(data, ascii("--x")));
        assertThat(pipe.sent()).singleElement().extracting(Sent::text).isEqualTo("ping");
    }

    @Test
    void partOfAFrameIsPassedOnWhenItComes() {
        byte[] wire = frame(FIN | 2, random(MAX));
        pipe.receiveInPieces(1 << 16, wire);
        assertThat(pipe.pieces).hasSizeGreaterThan(15);
        assertThat(pipe.data()).hasSize(MAX);
    }

    @Test
    void emptyFragmentsAreNothing() {
        pipe.receive(frame(2, bytes()), frame(0, bytes()), frame(FIN, bytes()), frame(FIN | 2, bytes()), binary("x"));
        assertThat(pipe.pieces).hasSize(1);
        assertThat(pipe.text()).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 125, 126, 127, 128, 65535, 65536, 65537, 300_000})
    void eachLengthOut(int length) {
        byte[] data = random(length);
        pipe.send(data);
        List<Sent> frames = pipe.sent();
        assertThat(frames).hasSize((length + WebSocketHandler.MAX_SENT - 1) / WebSocketHandler.MAX_SENT);
        assertThat(concat(frames.stream().map(Sent::payload).toArray(byte[][]::new)))
                .isEqualTo(data);
        assertThat(frames).allSatisfy(sent -> assertThat(sent.first()).isEqualTo(FIN | 2));
    }

    @Test
    void eachFrameHasAnotherMask() {
        Set<Integer> masks = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            pipe.send(ascii("x"));
        }
        pipe.sent().forEach(sent -> masks.add(sent.mask()));
        assertThat(masks).hasSizeGreaterThan(990);
    }

    @Test
    void pingsAreAnsweredAndPongsAreNot() {
        byte[] payload = random(125);
        pipe.receive(frame(FIN | 9, payload), frame(FIN | 10, payload), frame(FIN | 9, bytes()));
        assertThat(pipe.sent()).extracting(Sent::first).containsExactly(FIN | 10, FIN | 10);
        pipe.receive(frame(FIN | 9, payload));
        assertThat(pipe.sent())
                .singleElement()
                .satisfies(pong -> assertThat(pong.payload()).isEqualTo(payload));
        assertThat(pipe.pieces).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "82 81 00 00 00 00 61 | 1002 | masked",
                "c2 01 61             | 1002 | reserved bits, 0x40",
                "a2 01 61             | 1002 | reserved bits, 0x20",
                "92 01 61             | 1002 | reserved bits, 0x10",
                "c9 00                | 1002 | reserved bits",
                "83 00                | 1002 | unknown opcode 3",
                "87 00                | 1002 | unknown opcode 7",
                "8b 00                | 1002 | unknown opcode 11",
                "8f 00                | 1002 | unknown opcode 15",
                "81 01 61             | 1003 | text",
                "01 01 61             | 1003 | text",
                "09 00                | 1002 | control frame is fragmented",
                "89 7e 00 7e          | 1002 | more than 125",
                "8a 7f                | 1002 | more than 125",
                "80 01 61             | 1002 | nothing to continue",
                "00 01 61             | 1002 | nothing to continue",
                "02 01 61 82 01 61    | 1002 | within another",
                "82 7e 00 7d          | 1002 | 125 in 2 bytes",
                "82 7f 00 00 00 00 00 00 ff ff | 1002 | 65535 in 8 bytes",
                "82 7f 80 00 00 00 00 01 00 00 | 1002 | in 8 bytes",
                "82 7f 00 00 00 00 00 10 00 01 | 1009 | 1048577 bytes",
                "82 7f 7f ff ff ff ff ff ff ff | 1009 | 9223372036854775807 bytes",
                "88 01 03             | 1002 | 1 byte",
                "88 04 03 e8 c3 28    | 1007 | UTF-8",
            })
    void whatBreaksTheRules(String hex, int code, String text) {
        byte[] wire = HexFormat.of().parseHex(hex.replace(" ", ""));
        pipe.receive(wire, binary("not looked at"));
        assertThat(pipe.failures).singleElement().isInstanceOf(ProtocolException.class);
        assertThat(pipe.failures.get(0)).hasMessageStartingWith("WebSocket: ").hasMessageContaining(text);
        assertThat(pipe.text()).doesNotContain("looked");
        assertThat(pipe.sent()).singleElement().satisfies(sent -> {
            assertThat(sent.opcode()).isEqualTo(8);
            assertThat(sent.closeCode()).isEqualTo(code);
        });
        assertThat(pipe.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void closesByTheServer(int code) {
        pipe.receive(binary("last"), close(code, "so\nlong"), binary("not looked at"));
        assertThat(pipe.text()).isEqualTo("last");
        assertThat(pipe.failures).singleElement().isInstanceOf(IOException.class);
        assertThat(pipe.failures.get(0)).hasMessage("the server closed the WebSocket with code " + code + ": so?long");
        assertThat(pipe.sent()).singleElement().extracting(Sent::closeCode).isEqualTo(code);
        assertThat(pipe.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void codesThatNobodyMaySend(int code) {
        pipe.receive(close(code, ""));
        assertThat(pipe.failures).singleElement().isInstanceOf(ProtocolException.class);
        assertThat(pipe.sent()).singleElement().extracting(Sent::closeCode).isEqualTo(1002);
    }

    @Test
    void aCloseWithoutACode() {
        pipe.receive(frame(FIN | 8, bytes()));
        assertThat(pipe.failures.get(0)).hasMessageContaining("code 1005: no status");
        assertThat(pipe.sent()).singleElement().extracting(Sent::closeCode).isEqualTo(1000);
    }

    @Test
    void aReasonOfALineThatSaysWhatTheCodeMeans() {
        pipe.receive(close(1001, ""));
        assertThat(pipe.failures.get(0)).hasMessageMatching(".* code 1001: [A-Za-z ]+");
    }

    @Test
    void closesBehindWhatWasWritten() {
        pipe.send(ascii("last"));
        pipe.close();
        pipe.close();
        List<Sent> frames = pipe.sent();
        assertThat(frames).extracting(Sent::opcode).containsExactly(2, 8);
        assertThat(frames.get(1).closeCode()).isEqualTo(1000);
        assertThat(pipe.channel.isOpen()).isFalse();
    }

    /** Takes no more than it is told to. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        final Deque<ChannelPromise> promises = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ByteBuf out = (ByteBuf) message;
            out.release();
            promises.add(promise);
        }
    }

    @Test
    void aCloseWaitsForTheCloseFrameAndNotForEver() {
        Socket socket = new Socket();
        pipe.channel.pipeline().addFirst(socket);
        ChannelFuture closed = pipe.channel.pipeline().close(); // the channel's own close ends all timers
        assertThat(pipe.channel.isOpen()).isTrue();
        socket.promises.remove().trySuccess();
        pipe.channel.runPendingTasks();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(pipe.channel.isOpen()).isFalse();

        WebSocketPipe stuck = new WebSocketPipe(MAX, false);
        Socket full = new Socket();
        stuck.channel.pipeline().addFirst(full);
        ChannelFuture late = stuck.channel.pipeline().close();
        ChannelFuture second = stuck.channel.pipeline().close();
        stuck.channel.advanceTimeBy(999, TimeUnit.MILLISECONDS);
        stuck.channel.runScheduledPendingTasks();
        assertThat(stuck.channel.isOpen()).isTrue();
        stuck.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        stuck.channel.runScheduledPendingTasks();
        assertThat(stuck.channel.isOpen()).isFalse();
        assertThat(late.isSuccess()).isTrue();
        assertThat(second.isSuccess()).isTrue();
        full.promises.forEach(promise -> promise.tryFailure(new ClosedChannelException()));
        stuck.end();
    }

    @Test
    void nothingIsSentBehindAClose() {
        Socket socket = new Socket();
        pipe.channel.pipeline().addFirst(socket);
        pipe.close();
        ByteBuf late = pipe.channel.alloc().directBuffer().writeBytes(ascii("late"));
        ChannelFuture written = pipe.channel.writeAndFlush(late);
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(late.refCnt()).isZero();
        assertThat(socket.promises).hasSize(1);
        socket.promises.remove().trySuccess();
    }

    @Test
    void aWriteInSeveralFramesFailsIfOneOfThemDoes() {
        Socket socket = new Socket();
        pipe.channel.pipeline().addFirst(socket);
        ByteBuf data = pipe.channel.alloc().directBuffer().writeBytes(random(200_000));
        ChannelFuture written = pipe.channel.writeAndFlush(data);
        assertThat(data.refCnt()).isZero();
        assertThat(socket.promises).hasSize(4);
        socket.promises.remove().trySuccess();
        socket.promises.remove().tryFailure(new IOException("cut"));
        socket.promises.remove().trySuccess();
        pipe.channel.runPendingTasks();
        assertThat(written.isDone()).isFalse();
        socket.promises.remove().trySuccess();
        pipe.channel.runPendingTasks();
        assertThat(written.cause()).hasMessage("cut");
    }

    @Test
    void noPongsPileUpForAServerThatDoesNotRead() {
        pipe.channel
                .pipeline()
                .firstContext()
                .channel()
                .unsafe()
                .outboundBuffer()
                .setUserDefinedWritability(1, false);
        pipe.receive(frame(FIN | 9, bytes()));
        assertThat(pipe.sent()).isEmpty();
        pipe.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        pipe.receive(frame(FIN | 9, bytes()));
        assertThat(pipe.sent()).hasSize(1);
    }

    /** Whatever comes: data, or an end with a reason; the leak detector sees the rest. */
    @Test
    void randomBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            WebSocketPipe fuzzed = new WebSocketPipe(MAX, i % 2 == 0);
            byte[] wire = new byte[random.nextInt(200)];
            random.nextBytes(wire);
            if (wire.length > 1) { // else most end at the first byte
                wire[0] = (byte) (random.nextBoolean() ? 0x82 : 0xc2);
                wire[1] &= 0x1f;
            }
            fuzzed.receiveInPieces(1 + random.nextInt(50), wire);
            assertThat(fuzzed.failures)
                    .hasSizeLessThan(2)
                    .allSatisfy(
                            failure -> assertThat(failure).isInstanceOfAny(ProtocolException.class, IOException.class));
            assertThat(fuzzed.channel.isOpen()).isEqualTo(fuzzed.failures.isEmpty());
            fuzzed.end();
        }
    }
}
