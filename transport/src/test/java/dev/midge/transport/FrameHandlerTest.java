// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.midge.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FrameHandlerTest {
    private final Dialog dialog = new Dialog();
    private final Recorder recorder = new Recorder();
    private final Link link = establish(dialog);

    private static Link establish(Dialog dialog) {
        dialog.receive("INFO {}\r\n");
        dialog.receive("PONG\r\n");
        dialog.sent();
        return dialog.link();
    }

    private void start() {
        link.start(recorder, recorder);
        dialog.channel.runPendingTasks();
        recorder.events.clear();
        recorder.bytes = 0;
        recorder.heard = 0;
    }

    private static String message(int number) {
        return String.format(Locale.ROOT, "MSG s %d 3\r\n%03d\r\n", number + 1, number);
    }

    private static List<String> messages(int count) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(String.format(Locale.ROOT, "MSG s %03d", i));
        }
        return messages;
    }

    private static String wire(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(message(i));
        }
        return text.toString();
    }

    @Test
    void aBurstHasABeginningAndAnEnd() {
        start();
        dialog.receive("PING\r\nPING\r\nPI");
        assertThat(recorder.events).containsExactly("started", "PING", "PING", "complete");
        assertThat(recorder.bytes).isEqualTo(14);
        recorder.events.clear();
        dialog.receive("N");
        assertThat(recorder.events).containsExactly("started", "complete");
        assertThat(recorder.bytes).isEqualTo(15);
        assertThat(recorder.heard).as("part of a frame is a sign of life").isEqualTo(2);
        link.close();
    }

    /** R-A5: as when WebSocket takes a ping, or TLS waits for the rest of a record. */
    @Test
    void whatHandlersInFrontKeepIsASignOfLifeToo() {
        dialog.channel.pipeline().addAfter("ear", "keeps all", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
            }
        });
        start();
        dialog.receive("?");
        assertThat(recorder.heard).isEqualTo(1);
        assertThat(recorder.events).isEmpty();
        assertThat(recorder.bytes).isZero();
        link.close();
    }

    @Test
    void nothingIsReadBeforeTheStart() {
        assertThat(dialog.channel.config().isAutoRead()).isFalse();
        dialog.receive("PING\r\n");
        start();
        assertThat(recorder.frames).containsExactly("PING");
        assertThat(dialog.channel.config().isAutoRead()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> link.start(recorder, recorder));
        link.close();
    }

    /** Each message pauses, so the rest is held in the decoder and in buffers, and taken up again. */
    @Test
    void pauseInTheMiddleOfABuffer() {
        start();
        String wire = wire(1000); // more than the decoder's window holds
        recorder.hook = event -> {
            if (event.startsWith("MSG")) {
                link.pauseReading();
            }
        };
        dialog.receive(wire.substring(0, 9_000));
        dialog.receive(wire.substring(9_000));
        for (int count = 1; count <= 1000; count++) {
            assertThat(link.readingPaused()).isTrue();
            assertThat(dialog.channel.config().isAutoRead()).isFalse();
            assertThat(recorder.frames).hasSize(count);
            link.resumeReading();
            dialog.channel.runPendingTasks();
        }
        assertThat(recorder.frames).isEqualTo(messages(1000));
        assertThat(recorder.bytes).isEqualTo(wire.length());
        assertThat(link.readingPaused()).isFalse();
        assertThat(dialog.channel.config().isAutoRead()).isTrue();
        link.close();
    }

    @Test
    void readingIsAskedForOnlyBehindWhatIsHeld() {
        start();
        recorder.hook = event -> {
            if (event.startsWith("MSG")) {
                assertThat(dialog.channel.config().isAutoRead()).isEqualTo(event.equals("MSG s 000"));
                link.pauseReading();
                recorder.hook = later -> assertThat(dialog.channel.config().isAutoRead())
                        .isEqualTo(later.equals("complete") && recorder.frames.size() == 3);
            }
        };
        dialog.receive(wire(3));
        link.resumeReading();
        assertThat(recorder.frames)
                .as("not on the stack of the one who resumes")
                .hasSize(1);
        dialog.channel.runPendingTasks();
        assertThat(recorder.frames).hasSize(3);
        recorder.hook = event -> {};
        link.close();
    }

    @Test
    void pauseAndResumeWithinOneFrameChangeNothing() {
        start();
        recorder.hook = event -> {
            if (event.startsWith("MSG")) {
                link.pauseReading();
                link.resumeReading();
            }
        };
        dialog.receive(wire(500));
        assertThat(recorder.frames).isEqualTo(messages(500));
        assertThat(dialog.channel.config().isAutoRead()).isTrue();
        link.close();
    }

    /** Would overflow the stack if a resume delivered at once. */
    @Test
    void pauseAtEachFrameAndResumeAtEachEnd() {
        start();
        recorder.hook = event -> {
            if (event.startsWith("MSG")) {
                link.pauseReading();
            } else if (event.equals("complete")) {
                link.resumeReading();
            }
        };
        StringBuilder wire = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            wire.append("MSG s 1 1\r\nx\r\n");
        }
        dialog.receive(wire.toString());
        dialog.channel.runPendingTasks();
        assertThat(recorder.frames).hasSize(20_000);
        link.close();
    }

    @Test
    void pauseBehindResumeWins() {
        start();
        link.pauseReading();
        dialog.receive(wire(2));
        link.resumeReading();
        link.pauseReading();
        dialog.channel.runPendingTasks();
        assertThat(recorder.frames).isEmpty();
        assertThat(dialog.channel.config().isAutoRead()).isFalse();
        link.resumeReading();
        dialog.channel.runPendingTasks();
        assertThat(recorder.frames).isEqualTo(messages(2));
        link.close();
    }

    @Test
    void readsThatStillComeBetweenResumeAndItsTaskKeepTheirPlace() {
        start();
        recorder.hook = event -> {
            if (event.equals("MSG s 000")) {
                link.pauseReading();
            }
        };
        String wire = wire(900);
        dialog.channel.pipeline().fireChannelRead(buffer(wire.substring(0, 8_000)));
        link.resumeReading();
        dialog.channel.pipeline().fireChannelRead(buffer(wire.substring(8_000)));
        dialog.channel.runPendingTasks();
        assertThat(recorder.frames).isEqualTo(messages(900));
        link.close();
    }

    private ByteBuf buffer(String text) {
        ByteBuf buffer = dialog.channel.alloc().directBuffer();
        buffer.writeCharSequence(text, US_ASCII);
        return buffer;
    }

    @Test
    void whatIsOutsideTheGrammarEndsTheLink() {
        start();
        dialog.receive("PING\r\nnonsense\r\nPING\r\n");
        assertThat(recorder.events).containsExactly("started", "PING", "closed");
        assertThat(recorder.cause).isInstanceOf(ProtocolException.class).hasMessageContaining("nonsense");
        assertThat(dialog.channel.isOpen()).isFalse();
        assertThat(recorder.closings).isEqualTo(1);
    }

    @Test
    void whatTheSinkThrowsEndsTheLink() {
        start();
        AssertionError thrown = new AssertionError("sink");
        recorder.hook = event -> {
            if (event.equals("PING")) {
                throw thrown;
            }
        };
        dialog.receive("PING\r\nPING\r\n");
        assertThat(recorder.events).containsExactly("started", "PING", "closed");
        assertThat(recorder.cause).isSameAs(thrown);
    }

    @Test
    void whatTheListenerThrowsEndsTheLink() {
        start();
        IllegalStateException thrown = new IllegalStateException("listener");
        recorder.hook = event -> {
            if (event.equals("complete")) {
                throw thrown;
            }
        };
        dialog.receive("PING\r\n");
        assertThat(recorder.events).containsExactly("started", "PING", "complete", "closed");
        assertThat(recorder.cause).isSameAs(thrown);
    }

    @Test
    void whatTheListenerThrowsWhileHeldFramesAreTakenUpEndsTheLink() {
        start();
        link.pauseReading();
        dialog.receive("PING\r\n");
        IllegalStateException thrown = new IllegalStateException("listener");
        recorder.hook = event -> {
            if (event.equals("complete")) {
                throw thrown;
            }
        };
        link.resumeReading();
        dialog.channel.runPendingTasks();
        assertThat(recorder.events).endsWith("closed");
        assertThat(recorder.cause).isSameAs(thrown);
    }

    @Test
    void theEndBehindTheLastFrame() {
        start();
        dialog.receive(wire(2) + "MSG s 1 10\r\nhal");
        dialog.peerCloses();
        assertThat(recorder.frames).isEqualTo(messages(2));
        assertThat(recorder.events).endsWith("closed");
        assertThat(recorder.closings).isEqualTo(1);
        assertThat(recorder.cause).isNull();
    }

    @Test
    void aLargeBodyThatIsNotCompleteIsReleased() {
        start();
        dialog.receive("MSG s 1 1000000\r\n" + "x".repeat(10_000));
        dialog.peerCloses();
        assertThat(recorder.closings).isEqualTo(1);
    }

    @Test
    void whatIsHeldIsDeliveredBeforeTheEnd() {
        start();
        link.pauseReading();
        String wire = wire(900);
        dialog.receive(wire.substring(0, 8_000));
        dialog.receive(wire.substring(8_000));
        recorder.hook = event -> {
            if (event.startsWith("MSG")) {
                link.pauseReading(); // too late to matter
            }
        };
        dialog.peerCloses();
        assertThat(recorder.frames).isEqualTo(messages(900));
        assertThat(recorder.events).endsWith("closed");
    }

    @Test
    void whatIsHeldIsDroppedWhenThisSideEndsTheLink() {
        start();
        link.pauseReading();
        dialog.receive(wire(900));
        IOException cause = new IOException("stale");
        link.fail(cause);
        link.fail(new IOException("second"));
        link.close();
        assertThat(recorder.frames).isEmpty();
        assertThat(recorder.closings).isEqualTo(1);
        assertThat(recorder.cause).isSameAs(cause);
        assertThat(dialog.channel.isOpen()).isFalse();
    }

    @Test
    void closedInTheMiddleOfABuffer() {
        start();
        recorder.hook = event -> {
            if (event.equals("MSG s 001")) {
                link.close();
            }
        };
        dialog.receive(wire(900));
        assertThat(recorder.frames).isEqualTo(messages(2));
        assertThat(recorder.events).endsWith("closed");
        assertThat(recorder.cause).isNull();
    }

    @Test
    void aBrokenConnectionIsReportedWithItsCause() {
        start();
        IOException reset = new IOException("Connection reset by peer");
        dialog.channel.pipeline().fireExceptionCaught(reset);
        assertThat(recorder.cause).isSameAs(reset);
        assertThat(recorder.closings).isEqualTo(1);
        assertThat(dialog.channel.isOpen()).isFalse();
    }

    @Test
    void theEndBeforeTheStartIsToldAtTheStart() {
        dialog.receive("PING\r\n");
        dialog.peerCloses();
        link.start(recorder, recorder);
        assertThat(recorder.events).isEmpty();
        dialog.channel.runPendingTasks();
        assertThat(recorder.events).containsExactly("closed");
    }

    @Test
    void theCauseOfAnEndBeforeTheStartIsKept() {
        IOException reset = new IOException("Connection reset by peer");
        dialog.channel.pipeline().fireExceptionCaught(reset);
        link.start(recorder, recorder);
        dialog.channel.runPendingTasks();
        assertThat(recorder.cause).isSameAs(reset);
        assertThat(recorder.closings).isEqualTo(1);
    }

    @Test
    void aLinkThatIsNeverStartedKeepsNothingOnceClosed() {
        dialog.receive(wire(900));
        link.close();
        assertThat(dialog.channel.isOpen()).isFalse();
    }

    @Test
    void writabilityIsPassedOn() {
        start();
        dialog.channel.pipeline().fireChannelWritabilityChanged();
        assertThat(recorder.events).containsExactly("writable true");
        link.close();
    }

    @Test
    void aListenerThatThrowsAtTheEndLeavesNothingBehind() {
        start();
        recorder.hook = event -> {
            if (event.equals("closed")) {
                throw new IllegalStateException("listener");
            }
        };
        dialog.receive("PING\r\nnonsense\r\n");
        assertThat(recorder.closings).isEqualTo(1);
        assertThat(dialog.channel.isOpen()).isFalse();
    }
}
