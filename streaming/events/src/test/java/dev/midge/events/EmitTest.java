// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.Message;
import dev.midge.jetstream.PublishAck;
import dev.midge.jetstream.PublishOutcomeUnknownException;
import dev.midge.jetstream.PublishOverflow;
import dev.midge.jetstream.PublishWindowFullException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is emitted, and what is known of it. */
class EmitTest {
    private static final Event<String> EVENT = Event.of("e", Codec.text());

    private final PlayedStream stream = new PlayedStream(EVENT, options -> {});
    private final EventConnection ec =
            stream.connect(EVENT, options -> options.publishWindow(2).publishOverflow(PublishOverflow.FAIL));

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void withoutAnAck() {
        ec.emit(EVENT, "x");
        Message published = stream.published();
        assertThat(published.text()).isEqualTo("x");
        assertThat(published.replyTo()).isNull();
        assertThat(published.headers().isEmpty()).isTrue();
    }

    /** R-E7: its own deadline, and the id that it may be emitted with again. */
    @Test
    void noAckIsAnUnknownOutcome() {
        EmitOptions options =
                EmitOptions.builder().uid("u-1").timeout(Duration.ofMillis(200)).build();
        assertThatThrownBy(() -> ec.emitSync(EVENT, "x", options))
                .isInstanceOfSatisfying(
                        PublishOutcomeUnknownException.class,
                        e -> assertThat(e.messageId()).isEqualTo("u-1"))
                .hasMessageContaining("no ack came within PT0.2S");
    }

    /** R-E7: as many as the window has room for are on their way, and an ack makes room. */
    @Test
    void theWindowOfAcksIsBounded() throws Exception {
        CompletableFuture<PublishAck> first = ec.emitAsync(EVENT, "1", EmitOptions.DEFAULTS);
        CompletableFuture<PublishAck> second = ec.emitAsync(EVENT, "2", EmitOptions.DEFAULTS);
        CompletableFuture<PublishAck> tooMuch = ec.emitAsync(EVENT, "3", EmitOptions.DEFAULTS);
        assertThatThrownBy(() -> tooMuch.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(PublishWindowFullException.class);
        stream.ack(stream.published(), 1);
        assertThat(first.get(30, TimeUnit.SECONDS).sequence()).isEqualTo(1);
        CompletableFuture<PublishAck> next = ec.emitAsync(EVENT, "4", EmitOptions.DEFAULTS);
        stream.ack(stream.published(), 2);
        Message last = stream.published();
        assertThat(last.text()).isEqualTo("4");
        stream.ack(last, 3);
        assertThat(second.get(30, TimeUnit.SECONDS).sequence()).isEqualTo(2);
        assertThat(next.get(30, TimeUnit.SECONDS).sequence()).isEqualTo(3);
    }

    @Test
    void whatCannotBeEncodedIsNotSent() {
        Event<String> picky = Event.of("e", new Codec<String>() {
            @Override
            public byte[] encode(String message) throws Exception {
                throw new Exception("not " + message);
            }

            @Override
            public String decode(byte[] payload) {
                return "";
            }
        });
        assertThatThrownBy(() -> ec.emit(picky, "this"))
                .isInstanceOf(CodecException.class)
                .hasMessage("cannot encode the message of Event e: java.lang.Exception: not this");
        ec.emit(EVENT, "next");
        assertThat(stream.published().text()).isEqualTo("next");
    }
}
