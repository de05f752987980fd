// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import dev.midge.protocol.Headers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The headers of walnats 1.2.6. */
final class EventHeaders {
    static final String MESSAGE_ID = "Nats-Msg-Id";
    static final String TRACE = "Walnats-Trace";
    static final String REPLY = "Walnats-Reply";

    /** When it may be handled: seconds since 1970 in UTC, as a decimal number. */
    static final String DELAY = "Walnats-Delay";

    /** What is less than that, a delayed message does not go back to the server for. */
    private static final Duration ABOUT_NOW = Duration.ofMillis(1);

    /** Whoever asks for more is asked again behind it. */
    private static final Duration MAX_DELAY = Duration.ofDays(1);

    private static final int MICROS = 6;

    private EventHeaders() {}

    static String delay(Instant until) {
        return BigDecimal.valueOf(until.getEpochSecond())
                .add(BigDecimal.valueOf(until.getNano(), 9))
                .setScale(MICROS, RoundingMode.CEILING)
                .stripTrailingZeros()
                .toPlainString();
    }

    /**
     * How long a message is not to be handled from now on; zero if it may be.
     *
     * @throws IllegalArgumentException if the header is no number
     */
    static Duration delayLeft(Headers headers, Instant now) {
        String text = headers.getIgnoringCase(DELAY);
        if (text == null) {
            return Duration.ZERO;
        }
        double until = seconds(text);
        double left = until - (now.getEpochSecond() + now.getNano() / 1e9);
        if (left > MAX_DELAY.toSeconds()) {
            return MAX_DELAY;
        }
        Duration delay = left <= 0 ? Duration.ZERO : Duration.ofNanos((long) (left * 1e9));
        return delay.compareTo(ABOUT_NOW) > 0 ? delay : Duration.ZERO;
    }

    /**
     * Refuses a header that is no number.
     *
     * @throws IllegalArgumentException if it is none
     */
    static void checkDelay(Headers headers) {
        String text = headers.getIgnoringCase(DELAY);
        if (text != null) {
            seconds(text);
        }
    }

    private static double seconds(String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        Rules.require(!Double.isNaN(number), "header " + DELAY, text, "must be a number of seconds since 1970");
        return number;
    }

    /** Those of a message to be emitted; null if there are none. */
    static @Nullable Headers of(EmitSettings<?> options, Instant now, @Nullable String inbox) {
        Headers.Builder headers = options.headers.toBuilder();
        CloudEvent about = options.cloudEvent;
        if (about != null) {
            about.addTo(headers);
            headers.set(MESSAGE_ID, about.id());
        }
        set(headers, MESSAGE_ID, options.uid);
        set(headers, TRACE, options.traceId);
        set(headers, DELAY, options.delay == null ? null : delay(now.plus(options.delay)));
        set(headers, REPLY, inbox);
        Headers all = headers.build();
        return all.isEmpty() ? null : all;
    }

    private static void set(Headers.Builder headers, String name, @Nullable String value) {
        if (value != null) {
            headers.set(name, value);
        }
    }
}
