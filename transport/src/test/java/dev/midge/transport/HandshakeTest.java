// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Connect;
import dev.midge.protocol.ProtocolException;
import dev.midge.protocol.Secret;
import dev.midge.transport.ConnectFailedException.Phase;
import dev.midge.transport.ConnectFailedException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final String INFO = "INFO {\"server_id\":\"S\",\"max_payload\":1024,\"client_id\":7} \r\n";
    private static final String BEHIND =
            "PONG\r\nINFO {\"connect_info\":true}\r\nMSG a 1 2\r\nhi\r\nPING\r\nMSG b 2 3\r\nyou";
    private static final String[] FRAMES_BEHIND = {"INFO {\"connect_info\":true}", "MSG a hi", "PING"};

    private static Recorder start(Dialog dialog) {
        Recorder recorder = new Recorder();
        dialog.link().start(recorder, recorder);
        dialog.channel.runPendingTasks();
        return recorder;
    }

    @Test
    void connectAndPingGoOutInOneWriteBehindInfo() {
        Dialog dialog = new Dialog();
        assertThat(dialog.sent()).isEmpty();
        dialog.receive(INFO);
        assertThat(dialog.sent()).isEqualTo(Dialog.CONNECT_AND_PING + "|");
        assertThat(dialog.promise.isDone()).isFalse();
        dialog.pass(Duration.ofMillis(30));
        dialog.receive("PONG\r\n");

        Link link = dialog.link();
        assertThat(link.info().maxPayload()).isEqualTo(1024);
        assertThat(link.endpoint()).isSameAs(Dialog.ENDPOINT);
        assertThat(link.address()).isSameAs(Dialog.ADDRESS);
        assertThat(link.rtt()).isEqualTo(Duration.ofMillis(30));
        assertThat(link.channel()).isSameAs(dialog.channel);
        assertThat(dialog.channel.pipeline().get(Handshake.class)).isNull();
        dialog.pass(Dialog.TIMEOUT);
        assertThat(dialog.channel.isOpen()).isTrue();
        link.close();
    }

    /** What the server sends, cut in two reads at every index: nothing is lost and nothing comes twice. */
    @Test
    void everySplit() {
        String all = INFO + BEHIND;
        for (int cut = 0; cut <= all.length(); cut++) {
            Dialog dialog = new Dialog();
            dialog.receive(all.substring(0, cut));
            dialog.receive(all.substring(cut));
            check(dialog, all);
        }
    }

    @Test
    void byteByByte() {
        String all = INFO + BEHIND;
        Dialog dialog = new Dialog();
        for (int i = 0; i < all.length(); i++) {
            dialog.receive(all.substring(i, i + 1));
        }
        check(dialog, all);
    }

    /** More than the decoder takes at a time comes behind the PONG in the same read. */
    @Test
    void muchBehindThePong() {
        Dialog dialog = new Dialog();
        dialog.receive(INFO + "PONG\r\n" + "MSG a 1 2\r\nhi\r\n".repeat(1000));
        dialog.sent();
        assertThat(start(dialog).frames).hasSize(1000).containsOnly("MSG a hi");
        dialog.link().close();
    }

    private static void check(Dialog dialog, String received) {
        assertThat(dialog.sent()).isEqualTo(Dialog.CONNECT_AND_PING + "|");
        Recorder recorder = start(dialog);
        assertThat(recorder.frames).containsExactly(FRAMES_BEHIND);
        assertThat(recorder.bytes).isEqualTo(received.length());
        dialog.receive("\r\n");
        assertThat(recorder.frames).endsWith("MSG b you").hasSize(4);
        dialog.link().close();
        assertThat(recorder.closings).isEqualTo(1);
        assertThat(recorder.cause).isNull();
    }

    /** R-A1: the peer goes after every single byte. */
    @Test
    void cutAfterEveryByte() {
        String all = INFO + "PING\r\nPONG\r";
        for (int length = 0; length <= all.length(); length++) {
            Dialog dialog = new Dialog();
            dialog.receive(all.substring(0, length));
            dialog.peerCloses();
            ConnectFailedException failure = dialog.failure();
            boolean hadInfo = length >= INFO.length();
            assertThat(failure.reason()).isEqualTo(Reason.PEER_CLOSED);
            assertThat(failure.phase()).isEqualTo(hadInfo ? Phase.CONNECT : Phase.INFO);
            assertThat(failure)
                    .hasMessageEndingWith(
                            hadInfo
                                    ? "the server closed the connection, without an answer to CONNECT"
                                    : "the server closed the connection, "
                                            + (length == 0
                                                    ? "nothing came at all"
                                                    : "only " + length + " bytes of it came"));
            dialog.sent();
        }
    }

    /** R-A3: virtual time, and the peer stops after every single byte. */
    @Test
    void silenceAfterEveryByteEndsAtTheTimeout() {
        String all = INFO + "PING\r\nPONG\r";
        for (int length = 0; length <= all.length(); length++) {
            Dialog dialog = new Dialog();
            dialog.receive(all.substring(0, length));
            dialog.pass(Dialog.TIMEOUT.minusNanos(1));
            assertThat(dialog.promise.isDone()).isFalse();
            dialog.pass(Duration.ofNanos(1));
            ConnectFailedException failure = dialog.failure();
            assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(failure).hasMessageEndingWith("within the 2000 ms of the attempt");
            assertThat(failure)
                    .hasMessageContaining(
                            length == 0
                                    ? "INFO did not come, nothing came at all"
                                    : length < INFO.length()
                                            ? "INFO did not come, only " + length + " bytes of it came"
                                            : "CONNECT and PING were not answered");
            dialog.sent();
        }
    }

    @Test
    void aBrokenConnectionIsReportedWithItsCause() {
        Dialog dialog = new Dialog();
        IOException reset = new IOException("Connection reset by peer");
        dialog.channel.pipeline().fireExceptionCaught(reset);
        assertThat(dialog.failure()).hasCause(reset).hasMessageContaining("Connection reset by peer");
        assertThat(dialog.failure().reason()).isEqualTo(Reason.PEER_CLOSED);
    }

    @Test
    void verboseWantsOkBeforePong() {
        Dialog dialog = new Dialog(true);
        dialog.receive(INFO);
        assertThat(dialog.sent()).contains("\"verbose\":true");
        dialog.receive("+OK\r\nPONG\r\n");
        dialog.link().close();

        Dialog without = new Dialog(true);
        without.receive(INFO + "PONG\r\n");
        assertThat(without.failure()).hasMessageContaining("the server sent PONG where +OK must come");
        without.sent();
    }

    @Test
    void anotherInfoBeforePongUpdatesTheFirst() {
        Dialog dialog = new Dialog();
        dialog.receive(INFO + "INFO {\"connect_info\":true,\"remote_account\":\"A\",\"max_payload\":2048}\r\nPONG\r\n");
        assertThat(dialog.sent()).isEqualTo(Dialog.CONNECT_AND_PING + "|");
        assertThat(dialog.link().info().remoteAccount()).isEqualTo("A");
        assertThat(dialog.link().info().maxPayload()).isEqualTo(2048);
        assertThat(dialog.link().info().clientId()).isEqualTo(7);
        dialog.link().close();
    }

    /** A server that wants credentials takes a PONG before CONNECT for a lack of them. */
    @Test
    void pingBeforeConnectIsAnsweredBehindIt() {
        CompletableFuture<Connect> later = new CompletableFuture<>();
        Dialog dialog = new Dialog(info -> later);
        dialog.receive(INFO + "PING\r\nPING\r\n");
        assertThat(dialog.sent()).isEmpty();
        later.complete(Connect.builder().name("t").build());
        assertThat(dialog.sent()).isEqualTo(Dialog.CONNECT_AND_PING + "|PONG\r\n|PONG\r\n|");
        dialog.receive("PING\r\n");
        assertThat(dialog.sent()).isEqualTo("PONG\r\n|");
        dialog.receive("PONG\r\n");
        dialog.link().close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 400 Bad Request\\r\\n\\r\\n | what listens there is not a NATS server: not a frame that a server sends: "HTTP/1.1 400
            SSH-2.0-OpenSSH_9.2\\r\\n            | not a NATS server: not a frame that a server sends: "SSH-2.0
            PING\\r\\n                           | the server sent PING where INFO must come
            PONG\\r\\n                           | the server sent PONG where INFO must come
            +OK\\r\\n                            | the server sent +OK where INFO must come
            MSG a 1 0\\r\\n\\r\\n                | the server sent MSG where INFO must come
            INFO nonsense\\r\\n                  | not a NATS server:
            INFO {"port":"x"}\\r\\n              | port
            INFO\\r\\n                           | not a NATS server:
            """)
    void whatIsNotNatsIsQuoted(String text, String expected) {
        Dialog dialog = new Dialog();
        dialog.receive(text.replace("\\r", "\r").replace("\\n", "\n"));
        assertThat(dialog.failure()).hasMessageContaining(expected);
        assertThat(dialog.failure().reason()).isEqualTo(Reason.PROTOCOL);
        assertThat(dialog.failure().phase()).isEqualTo(Phase.INFO);
        assertThat(dialog.sent()).isEmpty();
    }

    @Test
    void aHugeInfoIsRefused() {
        Dialog dialog = new Dialog();
        String piece = " ".repeat(10_000);
        dialog.receive("INFO {");
        for (int i = 0; i < 200 && !dialog.promise.isDone(); i++) {
            dialog.receive(piece);
        }
        assertThat(dialog.failure()).hasCauseInstanceOf(ProtocolException.class).hasMessageContaining("1048576");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MSG a 1 2\r\nhi\r\n", "garbage\r\n", "INFO {]\r\n"})
    void whatMustNotComeBeforePongEndsIt(String text) {
        Dialog dialog = new Dialog();
        dialog.receive(INFO + text);
        assertThat(dialog.failure().reason()).isEqualTo(Reason.PROTOCOL);
        assertThat(dialog.failure().phase()).isEqualTo(Phase.CONNECT);
        dialog.sent();
    }

    @Test
    void anErrorIsTyped() {
        Dialog dialog = new Dialog();
        dialog.receive(INFO + "-ERR 'maximum connections exceeded'\r\n");
        assertThat(dialog.failure()).hasMessageEndingWith("the server says -ERR 'maximum connections exceeded'");
        assertThat(dialog.failure().reason()).isEqualTo(Reason.SERVER_ERROR);
        assertThat(dialog.failure().serverError()).isNotNull();
        dialog.sent();

        Dialog denied = new Dialog();
        denied.receive(INFO + "-ERR 'Authorization Violation'\r\n");
        assertThat(denied.failure()).isInstanceOf(AuthenticationException.class);
        assertThat(denied.failure().reason()).isEqualTo(Reason.AUTHENTICATION);
        denied.sent();

        Dialog first = new Dialog();
        first.receive("-ERR 'maximum connections exceeded'\r\n");
        assertThat(first.failure().phase()).isEqualTo(Phase.INFO);
    }

    /** Whoever stands in between could slip in what would then be taken for the server's encrypted word. */
    @ParameterizedTest
    @ValueSource(strings = {"+", "PING\r\n", "INFO {}\r\n", " "})
    void nothingMayComeBetweenInfoAndTls(String more) {
        Dialog dialog = new Dialog();
        dialog.receive("INFO {\"tls_required\":true}\r\n" + more);
        assertThat(dialog.failure()).hasMessageContaining("behind INFO that is not encrypted");
        assertThat(dialog.failure().reason()).isEqualTo(Reason.PROTOCOL);
        assertThat(dialog.failure().phase()).isEqualTo(Phase.TLS);
        assertThat(dialog.sent()).doesNotContain("CONNECT");
    }

    @Test
    void aServerThatIsSilentWhenTlsIsToBegin() {
        Dialog dialog = new Dialog();
        dialog.receive("INFO {\"tls_required\":true}\r\n");
        assertThat(dialog.sent()).as("a client hello").startsWith("\u0016").doesNotContain("CONNECT");
        dialog.pass(Dialog.TIMEOUT);
        assertThat(dialog.failure()).hasMessageContaining("the TLS handshake was not completed within the 2000 ms");
        assertThat(dialog.failure().reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(dialog.failure().phase()).isEqualTo(Phase.TLS);
        dialog.sent(); // an alert
    }

    @Test
    void aServerThatTalksOnInPlainTextWhenTlsIsToBegin() {
        Dialog dialog = new Dialog();
        dialog.receive("INFO {\"tls_required\":true}\r\n");
        dialog.receive("-ERR 'Authentication Timeout'\r\n");
        assertThat(dialog.failure().reason()).isEqualTo(Reason.TLS);
        assertThat(dialog.failure().phase()).isEqualTo(Phase.TLS);
        assertThat(dialog.sent()).doesNotContain("CONNECT");
    }

    @Test
    void aServerThatClosesWhenTlsIsToBegin() {
        Dialog dialog = new Dialog();
        dialog.receive("INFO {\"tls_required\":true}\r\n");
        dialog.peerCloses();
        assertThat(dialog.failure().phase()).isEqualTo(Phase.TLS);
        assertThat(dialog.sent()).doesNotContain("CONNECT");
    }

    @Test // R-F9
    void secretsAreWiped() {
        for (boolean writable : new boolean[] {true, false}) {
            Secret pass = Secret.of("hush");
            Secret jwt = Secret.of("e".repeat(3000));
            Dialog dialog = new Dialog(info -> CompletableFuture.completedFuture(
                    Connect.builder().user("joe").pass(pass).jwt(jwt).build()));
            List<ByteBuf> written = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            dialog.channel
                    .pipeline()
                    .addAfter(
                            dialog.channel.pipeline().firstContext().name(),
                            "see",
                            new ChannelOutboundHandlerAdapter() {
                                @Override
                                public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                                    ByteBuf out = (ByteBuf) message;
                                    written.add(out.retain());
                                    texts.add(out.toString(UTF_8));
                                    if (writable) {
                                        var unused = ctx.write(out, promise);
                                    } else {
                                        out.release();
                                        promise.setFailure(new IOException("broken pipe"));
                                    }
                                }
                            });
            dialog.receive(INFO);

            assertThat(texts).hasSize(1);
            assertThat(texts.get(0)).contains("\"pass\":\"hush\"").endsWith("eee\"}\r\nPING\r\n");
            assertThat(pass.chars()).containsOnly('\0');
            assertThat(jwt.chars()).containsOnly('\0');
            ByteBuf out = written.get(0);
            assertThat(out.refCnt()).isEqualTo(1);
            assertThat(out.forEachByte(0, out.capacity(), b -> b == 0)).isEqualTo(-1);
            out.release();
            assertThat(dialog.sent()).isEqualTo(writable ? texts.get(0) + "|" : "");
            dialog.peerCloses();
        }
    }

    @Test // R-F9
    void secretsAreWipedWhenTheyCameTooLate() {
        CompletableFuture<Connect> late = new CompletableFuture<>();
        Dialog dialog = new Dialog(info -> late);
        dialog.receive(INFO);
        dialog.pass(Dialog.TIMEOUT);
        Secret token = Secret.of("hush");
        late.complete(Connect.builder().authToken(token).build());

        assertThat(token.chars()).containsOnly('\0');
        assertThat(dialog.sent()).isEmpty();
    }

    @Test
    void connectThatCannotBeMade() {
        IllegalStateException cause = new IllegalStateException("no key");
        Dialog thrown = new Dialog(info -> {
            throw cause;
        });
        thrown.receive(INFO);
        assertThat(thrown.failure()).hasCause(cause).hasMessageContaining("CONNECT could not be made: ");

        Dialog failed = new Dialog(info -> CompletableFuture.failedFuture(cause));
        failed.receive(INFO);
        assertThat(failed.failure()).hasCause(cause);

        Dialog wrapped = new Dialog(info -> CompletableFuture.<Connect>supplyAsync(
                () -> {
                    throw new CompletionException(cause);
                },
                Runnable::run));
        wrapped.receive(INFO);
        assertThat(wrapped.failure())
                .hasCause(cause)
                .hasMessageEndingWith("CONNECT could not be made: java.lang.IllegalStateException: no key");
        assertThat(failed.failure().phase()).isEqualTo(Phase.CONNECT);

        Dialog never = new Dialog(info -> new CompletableFuture<>());
        never.receive(INFO);
        never.pass(Dialog.TIMEOUT);
        assertThat(never.failure()).hasMessageContaining("CONNECT was not made");
    }

    @Test
    void connectThatComesTooLateIsNotSent() {
        CompletableFuture<Connect> later = new CompletableFuture<>();
        Dialog dialog = new Dialog(info -> later);
        dialog.receive(INFO);
        dialog.holdOpen();
        dialog.pass(Dialog.TIMEOUT);
        later.complete(Connect.builder().build());
        dialog.channel.runPendingTasks();
        assertThat(dialog.sent()).isEmpty();
        dialog.letClose();
        assertThat(dialog.failure().reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void aLargeBodyThatHasNoPlaceHereIsReleased() {
        Dialog dialog = new Dialog();
        dialog.receive(INFO + "MSG a 1 1000000\r\n" + "x".repeat(10_000));
        dialog.peerCloses();
        assertThat(dialog.failure().reason()).isEqualTo(Reason.PEER_CLOSED);
        dialog.sent();
    }

    @Test
    void whatComesBehindTheFailureIsIgnored() {
        Dialog dialog = new Dialog();
        ChannelHandlerContext context = dialog.channel.pipeline().context(dialog.handshake);
        dialog.handshake.end();
        ByteBuf late = dialog.channel.alloc().directBuffer().writeByte('x');
        dialog.handshake.channelRead(context, late);
        assertThat(late.refCnt()).isZero();
        dialog.handshake.channelInactive(context);
        assertThat(dialog.promise.isDone()).isFalse();
    }

    /** A link that nobody wants any more is closed at once. */
    @Test
    void cancelledInTheLastMoment() {
        Dialog dialog = new Dialog();
        dialog.receive(INFO);
        dialog.promise.cancel(false);
        dialog.receive("PONG\r\nPING\r\n");
        assertThat(dialog.channel.isOpen()).isFalse();
        dialog.sent();
    }
}
