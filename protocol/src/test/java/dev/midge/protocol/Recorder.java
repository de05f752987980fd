// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down each frame that a decoder finds, and checks that a message says the same in all its methods. */
class Recorder implements FrameSink {
    static final String PING = "PING";
    static final String PONG = "PONG";
    static final String OK = "+OK";

    final List<String> frames = new ArrayList<>();

    /** How a message with a payload of Latin-1 is written down. */
    static String message(String subject, long sid, @Nullable String replyTo, String headers, String payload) {
        return "MSG " + subject + " " + sid + " " + replyTo + " [" + headers + "] [" + payload + "]";
    }

    static String info(String json) {
        return "INFO " + json;
    }

    static String error(String text) {
        return "-ERR " + text;
    }

    @Override
    public void onMessage(MessageView m) {
        byte[] headers = m.copyHeaders();
        byte[] payload = m.copyPayload();
        assertThat(m.payloadLength()).isEqualTo(payload.length);
        assertThat(m.headerLength()).isEqualTo(headers.length);
        assertThat(m.payload().equals(Unpooled.wrappedBuffer(payload))).isTrue();
        assertThat(m.headers().equals(Unpooled.wrappedBuffer(headers))).isTrue();
        assertThat(m.subject()).isEqualTo(new String(m.subjectBytes(), UTF_8));
        assertThat(m.hasReplyTo()).isEqualTo(m.replyTo() != null);
        frames.add(message(
                m.subject(), m.sid(), m.replyTo(), new String(headers, ISO_8859_1), new String(payload, ISO_8859_1)));
    }

    @Override
    public void onInfo(String json) {
        frames.add(info(json));
    }

    @Override
    public void onPing() {
        frames.add(PING);
    }

    @Override
    public void onPong() {
        frames.add(PONG);
    }

    @Override
    public void onOk() {
        frames.add(OK);
    }

    @Override
    public void onError(String text) {
        frames.add(error(text));
    }
}
