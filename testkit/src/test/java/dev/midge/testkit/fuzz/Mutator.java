// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes bytes that are nearly those of a recording: pieces of it, damaged, cut off, mixed with words of the protocol.
 * What comes out depends on the Random alone.
 */
public final class Mutator {
    /** Enough for a few hundred frames, and little enough for thousands of executions a second. */
    private static final int MAX_LENGTH = 20_000;

    private static final int MAX_DAMAGES = 6;

    private final List<byte[]> recordings = new ArrayList<>();
    private final List<byte[]> words = new ArrayList<>();

    /**
     * @param direction the beginning of the names of the recordings: {@code to-client} or {@code to-server}
     * @param words each a character a byte
     */
    public Mutator(String direction, List<String> words) {
        for (String version : List.of("2.9.10", "2.15.2")) {
            recordings.add(resource(direction + "-" + version + ".bin"));
        }
        words.forEach(word -> this.words.add(word.getBytes(ISO_8859_1)));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Mutator.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no recording " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recordings as they are. */
    public List<byte[]> recordings() {
        return recordings;
    }

    /** The next ones. */
    public byte[] next(Random random) {
        byte[] bytes = random.nextInt(8) == 0 ? words(random) : piece(random);
        while (random.nextInt(4) == 0) {
            bytes = replace(bytes, bytes.length, 0, piece(random)); // longer than what decoders keep at once
        }
        int damages = random.nextInt(MAX_DAMAGES + 1);
        for (int i = 0; i < damages && bytes.length > 0; i++) {
            bytes = damage(bytes, random);
        }
        return bytes.length > MAX_LENGTH ? Arrays.copyOf(bytes, MAX_LENGTH) : bytes;
    }

    /** The most bytes that are to come at once: of any magnitude, as frames end inside of pieces and pieces in frames. */
    public static int pieceSize(Random random) {
        return 1 << random.nextInt(14);
    }

    private byte[] words(Random random) {
        byte[] bytes = {};
        for (int i = random.nextInt(40); i >= 0; i--) {
            bytes = replace(bytes, bytes.length, 0, word(random));
        }
        return bytes;
    }

    private byte[] word(Random random) {
        return words.get(random.nextInt(words.size()));
    }

    /** All of a recording, or from somewhere, often the beginning of a line, to somewhere. */
    private byte[] piece(Random random) {
        byte[] recording = recordings.get(random.nextInt(recordings.size()));
        int from = 0;
        if (random.nextInt(3) != 0) {
            from = random.nextInt(recording.length);
            while (random.nextInt(20) != 0 && from > 0 && recording[from - 1] != '\n') {
                from--;
            }
        }
        int to = random.nextInt(3) == 0 ? recording.length : from + random.nextInt(recording.length - from + 1);
        return Arrays.copyOfRange(recording, from, to);
    }

    private byte[] damage(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(Math.min(30, bytes.length - at));
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes = replace(bytes, at, length, new byte[0]);
            case 3 -> bytes = replace(bytes, at, random.nextInt(2) * length, word(random));
            case 4 -> bytes = replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 5 -> {
                int from = random.nextInt(bytes.length);
                int to = Math.min(bytes.length, from + length);
                bytes = replace(bytes, at, 0, Arrays.copyOfRange(bytes, from, to));
            }
            case 6 -> bytes = Arrays.copyOf(bytes, at);
            default -> digit(bytes, at, random);
        }
        return bytes;
    }

    /** Lengths and ids are what a decoder believes: changes the next digit. */
    private static void digit(byte[] bytes, int from, Random random) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                bytes[i] = (byte) ('0' + random.nextInt(10));
                return;
            }
        }
    }

    private static byte[] replace(byte[] bytes, int at, int length, byte[] by) {
        byte[] result = new byte[bytes.length - length + by.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
        return result;
    }
}
