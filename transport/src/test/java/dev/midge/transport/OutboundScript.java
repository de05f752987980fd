// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts frames of all kinds into a buffer and remembers what must come of them. */
final class OutboundScript {
    /** A frame that was accepted; {@code handed} is never completed for one that is no message. */
    record Frame(String text, boolean message, CompletableFuture<Void> handed) {
        byte[] bytes() {
            return text.getBytes(US_ASCII);
        }

        int length() {
            return text.length();
        }
    }

    private static final byte[] HEADERS = "NATS/1.0\r\nPUB x 5: PING\r\n\r\n".getBytes(US_ASCII);

    final List<Frame> accepted = new ArrayList<>();
    private final OutboundBuffer buffer;
    private int number;

    OutboundScript(OutboundBuffer buffer) {
        this.buffer = buffer;
    }

    /** A message whose payload looks like frames. */
    Outcome message(int length, boolean withHeaders, boolean inDirectBuffer) {
        String subject = "s" + number++;
        byte[] payload = ("PUB a 3\r\nHPUB " + "\r\nPING\r\n".repeat(length / 8 + 1))
                .substring(0, length)
                .getBytes(US_ASCII);
        byte[] headers = withHeaders ? HEADERS : null;
        CompletableFuture<Void> handed = new CompletableFuture<>();
        Outcome outcome;
        try {
            if (inDirectBuffer) {
                ByteBuf direct = Unpooled.directBuffer(length + 7)
                        .writeZero(3)
                        .writeBytes(payload)
                        .skipBytes(3);
                try {
                    outcome = buffer.publish(subject, null, headers, direct, 0, handed);
                } finally {
                    direct.release();
                }
            } else {
                outcome = buffer.publish(subject, null, headers, payload, 0, length, 0, handed, null);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (outcome == Outcome.ACCEPTED) {
            String line = withHeaders
                    ? "HPUB " + subject + " " + HEADERS.length + " " + (HEADERS.length + length) + "\r\n"
                    : "PUB " + subject + " " + length + "\r\n";
            String block = withHeaders ? new String(HEADERS, US_ASCII) : "";
            accepted.add(new Frame(line + block + new String(payload, US_ASCII) + "\r\n", true, handed));
        }
        return outcome;
    }

    /** One of the frames that are no messages. */
    Outcome control(int kind) {
        Outcome outcome;
        String bytes;
        switch (kind % 4) {
            case 0 -> {
                outcome = buffer.ping();
                bytes = "PING\r\n";
            }
            case 1 -> {
                outcome = buffer.pong();
                bytes = "PONG\r\n";
            }
            case 2 -> {
                outcome = buffer.subscribe("PUB.3", "q", kind);
                bytes = "SUB PUB.3 q " + kind + "\r\n";
            }
            default -> {
                outcome = buffer.unsubscribe(kind, 9);
                bytes = "UNSUB " + kind + " 9\r\n";
            }
        }
        if (outcome == Outcome.ACCEPTED) {
            accepted.add(new Frame(bytes, false, new CompletableFuture<>()));
        }
        return outcome;
    }

    /** All frames from the given one on, one behind the other. */
    byte[] bytesFrom(int first) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        accepted.subList(first, accepted.size()).forEach(frame -> bytes.writeBytes(frame.bytes()));
        return bytes.toByteArray();
    }
}
