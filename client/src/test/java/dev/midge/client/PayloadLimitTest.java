// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** R-B7: what the server does not take fails the call, and nothing of it is sent. */
class PayloadLimitTest {
    private static String info(String rest) {
        return "INFO {\"headers\":true" + rest + "}\r\n";
    }

    private static void assertTooLarge(Session session, int length, int limit) {
        byte[] data = new byte[length];
        Message message = Message.to("a").data(data).build();
        List<ThrowingCallable> calls = List.of(
                () -> session.nc.publish("a", "x".repeat(length)),
                () -> session.nc.publish("a", data),
                () -> session.nc.publish("a", new byte[length + 2], 1, length),
                () -> session.nc.publish("a", ByteBuffer.wrap(data)),
                () -> session.nc.publish(message),
                () -> session.nc.tryPublish("a", data),
                () -> session.nc.tryPublish(message),
                () -> session.nc.publishAsync("a", data),
                () -> session.nc.publishAsync(message),
                () -> session.nc.direct().publish("a", Unpooled.wrappedBuffer(data)),
                () -> session.nc.direct().publish("a", "b", Unpooled.wrappedBuffer(data)),
                () -> session.nc.direct().tryPublish("a", null, Unpooled.wrappedBuffer(data)));
        assertThat(calls)
                .allSatisfy(call -> assertThatExceptionOfType(PayloadTooLargeException.class)
                        .isThrownBy(call)
                        .withMessage("cannot publish to a: headers and payload are " + length
                                + " bytes, the server's max_payload is " + limit));
        session.expectNothingSent();
    }

    @Test
    void payloadsAreLimitedByWhatTheServerSays() throws Exception {
        try (Session session = Session.open(info(",\"max_payload\":10"), options -> {})) {
            assertTooLarge(session, 11, 10);
            session.nc.publish("a", new byte[10]);
            session.peer.expect("PUB a 10\r\n").expect(new byte[10]).expect("\r\n");
        }
    }

    @Test
    void headersCountToo() throws Exception {
        Message message = Message.to("a").header("k", "v").data("123").build(); // 18 and 3 bytes
        try (Session session = Session.open(info(",\"max_payload\":20"), options -> {})) {
            assertThatExceptionOfType(PayloadTooLargeException.class)
                    .isThrownBy(() -> session.nc.publish(message))
                    .withMessageContaining("headers and payload are 21 bytes");
            session.expectNothingSent();
            session.nc.publish(Message.to("a").header("k", "v").data("12").build());
            session.peer.expect("HPUB a 18 20\r\nNATS/1.0\r\nk: v\r\n\r\n12\r\n");
        }
    }

    @Test
    void aLaterInfoChangesTheLimit() throws Exception {
        try (Session session = Session.open(info(",\"max_payload\":10"), options -> {})) {
            session.peer.send(info(",\"max_payload\":12"));
            session.barrier();
            assertTooLarge(session, 13, 12);
            session.nc.publish("a", "123456789012");
            session.peer.expect("PUB a 12\r\n123456789012\r\n").send(info(",\"max_payload\":4"));
            session.barrier();
            assertTooLarge(session, 5, 4);
            session.peer.send(info(",\"max_payload\":-1"));
            session.barrier();
            byte[] large = new byte[2 << 20];
            session.nc.publish("a", large);
            session.peer.expect("PUB a 2097152\r\n").expect(large).expect("\r\n");
        }
    }

    @Test
    void aServerThatDoesNotSayTakesOneMebibyte() throws Exception {
        try (Session session = Session.open("INFO {}\r\n", options -> {})) {
            assertTooLarge(session, (1 << 20) + 1, 1 << 20);
        }
    }

    @Test
    void headersNeedAServerThatTakesThem() throws Exception {
        Message message = Message.to("a").header("k", "v").build();
        try (Session session = Session.open("INFO {}\r\n", options -> {})) {
            List<ThrowingCallable> calls = List.of(
                    () -> session.nc.publish(message),
                    () -> session.nc.tryPublish(message),
                    () -> session.nc.publishAsync(message));
            assertThat(calls)
                    .allSatisfy(call -> assertThatExceptionOfType(HeadersNotSupportedException.class)
                            .isThrownBy(call)
                            .withMessage("cannot publish to a with headers: the server does not take them"));
            session.expectNothingSent();
            session.peer.send(info(""));
            session.barrier();
            session.nc.publish(message);
            session.peer.expect("HPUB a 18 18\r\nNATS/1.0\r\nk: v\r\n\r\n\r\n");
        }
    }
}
