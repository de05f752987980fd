// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.midge.protocol.FrameSink;
import dev.midge.protocol.MessageView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what a link tells, in its order; a hook may act in the middle of it. */
final class Recorder implements FrameSink, LinkListener {
    /** Frames only. */
    final List<String> frames = new ArrayList<>();
    /** Everything. */
    final List<String> events = new ArrayList<>();

    int bytes;
    int heard;
    int closings;

    @Nullable
    Throwable cause;

    Consumer<String> hook = event -> {};

    private void frame(String frame) {
        frames.add(frame);
        event(frame);
    }

    private void event(String event) {
        events.add(event);
        hook.accept(event);
    }

    @Override
    public void onMessage(MessageView message) {
        frame("MSG " + message.subject() + " " + new String(message.copyPayload(), UTF_8));
    }

    @Override
    public void onInfo(String json) {
        frame("INFO " + json);
    }

    @Override
    public void onPing() {
        frame("PING");
    }

    @Override
    public void onPong() {
        frame("PONG");
    }

    @Override
    public void onOk() {
        frame("+OK");
    }

    @Override
    public void onError(String text) {
        frame("-ERR " + text);
    }

    @Override
    public void onReadStarted() {
        event("started");
    }

    @Override
    public void onReadComplete(int count) {
        bytes += count;
        event("complete");
    }

    @Override
    public void onHeard() {
        heard++;
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        event("writable " + writable);
    }

    @Override
    public void onClosed(@Nullable Throwable why) {
        closings++;
        cause = why;
        event("closed");
    }
}
