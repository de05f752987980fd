// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Objects;

/** What stands for itself: bytes, text, dates. */
final class PlainCodec {
    /** As Python's isoformat, and what its fromisoformat takes in every version: 6 digits of a second, or none. */
    private static final DateTimeFormatter SECONDS = withFraction(0, "");

    private static final DateTimeFormatter MICROS = withFraction(6, "");
    private static final DateTimeFormatter NANOS = withFraction(9, "");
    private static final String OFFSET = "+HH:MM:ss";
    private static final DateTimeFormatter OFFSET_SECONDS = withFraction(0, OFFSET);
    private static final DateTimeFormatter OFFSET_MICROS = withFraction(6, OFFSET);
    private static final DateTimeFormatter OFFSET_NANOS = withFraction(9, OFFSET);

    static final Codec<byte[]> BYTES = new Codec<>() {
        @Override
        public byte[] encode(byte[] message) {
            return Objects.requireNonNull(message, "message");
        }

        @Override
        public byte[] decode(byte[] payload) {
            return payload;
        }
    };

    static final Codec<String> TEXT = new Codec<>() {
        @Override
        public byte[] encode(String message) {
            return message.getBytes(UTF_8);
        }

        @Override
        public String decode(byte[] payload) throws CharacterCodingException {
            return utf8(payload);
        }
    };

    static final Codec<LocalDate> DATE = of(LocalDate::toString, LocalDate::parse);
    static final Codec<LocalDateTime> DATE_TIME =
            of(time -> printed(time, SECONDS, MICROS, NANOS), text -> LocalDateTime.parse(text.replace(' ', 'T')));
    static final Codec<OffsetDateTime> OFFSET_DATE_TIME = of(
            time -> printed(time, OFFSET_SECONDS, OFFSET_MICROS, OFFSET_NANOS),
            text -> OffsetDateTime.parse(text.replace(' ', 'T')));

    private PlainCodec() {}

    private interface Parser<T> {
        T parse(String text);
    }

    private static <T> Codec<T> of(java.util.function.Function<T, String> printer, Parser<T> parser) {
        return new Codec<>() {
            @Override
            public byte[] encode(T message) {
                return printer.apply(message).getBytes(UTF_8);
            }

            @Override
            public T decode(byte[] payload) throws CharacterCodingException {
                return parser.parse(utf8(payload));
            }
        };
    }

    private static String printed(
            TemporalAccessor time, DateTimeFormatter seconds, DateTimeFormatter micros, DateTimeFormatter nanos) {
        int fraction = time.get(ChronoField.NANO_OF_SECOND);
        DateTimeFormatter format = fraction == 0 ? seconds : fraction % 1000 == 0 ? micros : nanos;
        return format.format(time);
    }

    private static DateTimeFormatter withFraction(int digits, String offset) {
        DateTimeFormatterBuilder format = new DateTimeFormatterBuilder()
                .append(DateTimeFormatter.ISO_LOCAL_DATE)
                .appendPattern("'T'HH:mm:ss");
        if (digits > 0) {
            format.appendLiteral('.').appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, false);
        }
        if (!offset.isEmpty()) {
            format.appendOffset(offset, "+00:00");
        }
        return format.toFormatter(java.util.Locale.ROOT);
    }

    private static String utf8(byte[] payload) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    }
}
