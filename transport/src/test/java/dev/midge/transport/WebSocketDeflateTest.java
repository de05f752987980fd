// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static dev.midge.transport.WebSocketBytes.FIN;
import static dev.midge.transport.WebSocketBytes.RSV1;
import static dev.midge.transport.WebSocketBytes.ascii;
import static dev.midge.transport.WebSocketBytes.binary;
import static dev.midge.transport.WebSocketBytes.bytes;
import static dev.midge.transport.WebSocketBytes.concat;
import static dev.midge.transport.WebSocketBytes.deflated;
import static dev.midge.transport.WebSocketBytes.frame;
import static dev.midge.transport.WebSocketBytes.inflated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.ProtocolException;
import dev.midge.transport.WebSocketBytes.Sent;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F7: permessage-deflate, with the examples of RFC 7692. */
class WebSocketDeflateTest {
    private static final int MAX = 1 << 20;

    private final WebSocketPipe pipe = new WebSocketPipe(MAX, true);

    @AfterEach
    void end() {
        pipe.end();
    }

    /** Sections 7.2.3.1 and 7.2.3.3 to 7.2.3.6. */
    @ParameterizedTest
    @CsvSource({
        "c1 07 f2 48 cd c9 c9 07 00",
        "41 03 f2 48 cd 80 04 c9 c9 07 00",
        "c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00",
        "c1 08 f3 48 cd c9 c9 07 00 00",
        "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00",
    })
    void hello(String hex) {
        byte[] wire = HexFormat.of().parseHex(hex.replace(" ", ""));
        wire[0]++; // binary, where the examples are text
        for (int size = 1; size <= wire.length; size++) {
            pipe.pieces.clear();
            pipe.receiveInPieces(size, wire);
            assertThat(pipe.text()).as("in pieces of %d", size).isEqualTo("Hello");
        }
        assertThat(pipe.failures).isEmpty();
    }

    @Test
    void eachMessageIsOnItsOwn() {
        byte[] data = ascii("MSG a 1 5\r\nhello\r\n".repeat(1000));
        pipe.receive(frame(FIN | 2 | RSV1, deflated(data)), binary("plain"), frame(FIN | 2 | RSV1, deflated(data)));
        assertThat(pipe.data()).isEqualTo(concat(data, ascii("plain"), data));
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 1000})
    void fragmentsWithControlFramesBetween(int size) {
        byte[] data = new byte[40_000];
        new Random(1).nextBytes(data);
        byte[] deflated = deflated(data);
        pipe.receiveInPieces(
                size,
                concat(
                        frame(2 | RSV1, Arrays.copyOf(deflated, 100)),
                        frame(FIN | 9, ascii("ping")),
                        frame(0, Arrays.copyOfRange(deflated, 100, 30_000)),
                        frame(0, bytes()),
                        frame(FIN, Arrays.copyOfRange(deflated, 30_000, deflated.length))));
        assertThat(pipe.data()).isEqualTo(data);
        assertThat(pipe.sent()).hasSize(1);
    }

    @Test
    void aMessageThatInflatesToTooMuch() {
        pipe.receive(frame(FIN | 2 | RSV1, deflated(new byte[MAX])));
        assertThat(pipe.data()).hasSize(MAX);
        pipe.pieces.clear();
        pipe.receive(frame(FIN | 2 | RSV1, deflated(new byte[100 * MAX])), binary("not looked at"));
        assertThat(pipe.data().length).isLessThanOrEqualTo(MAX);
        assertThat(pipe.failures).singleElement().isInstanceOf(ProtocolException.class);
        assertThat(pipe.failures.get(0)).hasMessageContaining("maxFrameSize");
        assertThat(pipe.sent()).singleElement().extracting(Sent::closeCode).isEqualTo(1009);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff ff ff", "07", "78 bb f2 48 cd c9"})
    void whatCannotBeInflated(String hex) {
        pipe.receive(frame(FIN | 2 | RSV1, HexFormat.of().parseHex(hex.replace(" ", ""))));
        assertThat(pipe.failures).singleElement().isInstanceOf(ProtocolException.class);
        assertThat(pipe.sent()).singleElement().extracting(Sent::closeCode).isEqualTo(1007);
    }

    @ParameterizedTest
    @CsvSource({"80, 40", "c0, 40", "c9, 40"})
    void theBitStandsAtTheBeginningOfMessagesOnly(String first, String bits) {
        pipe.receive(frame(2, ascii("x")), frame(Integer.parseInt(first, 16) | RSV1, bytes()));
        assertThat(pipe.failures).singleElement().isInstanceOf(ProtocolException.class);
        assertThat(pipe.failures.get(0)).hasMessageContaining("reserved bits, 0x" + bits);
    }

    @Test
    void whatIsSent() throws Exception {
        byte[] small = ascii("x".repeat(63));
        byte[] large = ascii("PUB a 5\r\nhello\r\n".repeat(1000));
        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        pipe.send(small);
        pipe.send(large);
        pipe.send(noise);
        pipe.send(large);
        List<Sent> frames = pipe.sent();
        assertThat(frames).extracting(Sent::compressed).containsExactly(false, true, false, true);
        assertThat(frames.get(0).payload()).isEqualTo(small);
        assertThat(frames.get(1).payload().length).isLessThan(large.length / 10);
        assertThat(inflated(frames.get(1).payload())).isEqualTo(large);
        assertThat(frames.get(2).payload()).isEqualTo(noise);
        assertThat(frames.get(3).payload())
                .as("no memory from message to message")
                .isEqualTo(frames.get(1).payload());
    }

    /** nats-server 2.15 ends a connection whose message inflates to more than max_payload. */
    @Test
    void noMessageInflatesToMoreThanTheServersMaxPayload() throws Exception {
        pipe.handler.maxPayload(1000);
        byte[] data = ascii("PUB a 5\r\nhello\r\n".repeat(1000));
        pipe.send(data);
        byte[] all = bytes();
        for (Sent sent : pipe.sent()) {
            byte[] message = sent.compressed() ? inflated(sent.payload()) : sent.payload();
            assertThat(message.length).isLessThanOrEqualTo(1000);
            all = concat(all, message);
        }
        assertThat(all).isEqualTo(data);
        pipe.handler.maxPayload(-1);
        pipe.send(ascii("x".repeat(WebSocketHandler.MAX_SENT)));
        assertThat(pipe.sent()).hasSize(1);
    }
}
