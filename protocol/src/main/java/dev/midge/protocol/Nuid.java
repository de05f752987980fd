// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes identifiers that no two programs in the world make twice, and makes many of them fast: 22 characters of
 * {@code 0-9A-Za-z}, of which 12 are random and stay for long, and 10 count on from a random start by a random step
 * (nuid v1.0.1). They are no secret: from one the next can be guessed.
 */
public final class Nuid {
    /** How many characters an identifier has. */
    public static final int LENGTH = 22;

    private static final char[] DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();

    private static final int BASE = 62;
    private static final int PREFIX_LENGTH = 12;

    /** 62^10: from here on the counter would need an eleventh character. */
    static final long MAX_SEQUENCE = 839_299_365_868_340_224L;

    /** 62^5. */
    private static final long HALF = 916_132_832L;

    static final int MIN_INCREMENT = 33;
    static final int MAX_INCREMENT = 333;

    /** Null until first used, so that nothing random becomes part of a native image. */
    private static final AtomicReference<@Nullable Nuid> CURRENT = new AtomicReference<>();

    private final String prefix;
    private final long increment;
    private final AtomicLong sequence;

    /** Changes once in millions of identifiers. Threads that race here write what each of them reads. */
    private volatile Head head;

    /** What identifiers with the same upper half of the counter start with. */
    private record Head(int upper, String text) {}

    Nuid(String prefix, long start, long increment) {
        this.prefix = prefix;
        this.sequence = new AtomicLong(start);
        this.increment = increment;
        this.head = headOf((int) (start / HALF));
    }

    /** A new identifier. Any thread may call; none waits for another. Allocates nothing but the text. */
    public static String next() {
        while (true) {
            Nuid current = CURRENT.get();
            String next = current == null ? null : current.following();
            if (next != null) {
                return next;
            }
            CURRENT.compareAndSet(current, random());
        }
    }

    /** With another prefix, start and step, all of them unpredictable. */
    static Nuid random() {
        SecureRandom random = new SecureRandom();
        StringBuilder prefix = new StringBuilder(PREFIX_LENGTH);
        for (int i = 0; i < PREFIX_LENGTH; i++) {
            prefix.append(DIGITS[random.nextInt(BASE)]);
        }
        return new Nuid(
                prefix.toString(), random.nextLong(MAX_SEQUENCE), random.nextLong(MIN_INCREMENT, MAX_INCREMENT));
    }

    /** The next identifier with this prefix, or null when the counter is at its end. */
    @Nullable
    String following() {
        long n = sequence.addAndGet(increment);
        if (n >= MAX_SEQUENCE) {
            return null;
        }
        int upper = (int) (n / HALF);
        int lower = (int) (n - upper * HALF);
        Head known = head;
        if (known.upper != upper) {
            known = headOf(upper);
            head = known;
        }
        return withDigits(known.text, lower);
    }

    private Head headOf(int upper) {
        return new Head(upper, withDigits(prefix, upper));
    }

    /** The text and five digits more, in one concatenation, as it allocates nothing but its result. */
    private static String withDigits(String text, int n) {
        return text + digit(n, 14_776_336) + digit(n, 238_328) + digit(n, 3_844) + digit(n, BASE) + digit(n, 1);
    }

    private static char digit(int n, int power) {
        return DIGITS[n / power % BASE];
    }
}
