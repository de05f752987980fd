// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of headers (ADR-4): {@code NATS/1.0[ <3 digits>[ <description>]]\r\n}, then {@code <name>:[ ]<value>\r\n}
 * for each header, then {@code \r\n}. Headers are arrays of name, value, name, value.
 */
final class HeaderBlock {
    private static final byte[] VERSION = "NATS/1.0".getBytes(US_ASCII);

    private static final int STATUS_DIGITS = 3;

    private HeaderBlock() {}

    /**
     * Reads the first line only.
     *
     * @return null when there is no status in it
     * @throws ProtocolException when it is not a first line
     */
    static @Nullable Status status(byte[] block) {
        int end = firstLineEnd(block);
        int code = skipBlanks(block, VERSION.length, end);
        if (code == end) {
            return null;
        }
        int codeEnd = code + STATUS_DIGITS;
        if (code == VERSION.length || codeEnd > end || (codeEnd < end && !isBlank(block[codeEnd]))) {
            throw garbage("header block with a status that is none", block);
        }
        int number = 0;
        for (int i = code; i < codeEnd; i++) {
            if (block[i] < '0' || block[i] > '9') {
                throw garbage("header block with a status that is none", block);
            }
            number = number * 10 + block[i] - '0';
        }
        return new Status(
                number, text(block, skipBlanks(block, codeEnd, end), end).stripTrailing());
    }

    /** Whether the first line says no more than the version: what a client may send. */
    static boolean plain(byte[] block) {
        return block.length > VERSION.length && block[VERSION.length] == '\r';
    }

    /**
     * Reads the headers. Blanks and tabs before a value are no part of it; lines with an empty name are skipped.
     *
     * @throws ProtocolException when the block is not one, or has more than so many lines
     */
    static String[] read(byte[] block, int maxCount) {
        Status ignored = status(block);
        int at = firstLineEnd(block) + 2;
        if (!endsWithBlankLine(block)) {
            throw garbage("header block without a blank line at its end", block);
        }
        String[] headers = new String[2 * countLines(block, at, maxCount)];
        int n = 0;
        int end;
        while ((end = lineEnd(block, at)) > at) {
            int colon = at;
            while (block[colon] != ':') {
                if (++colon == end) {
                    throw garbage("header line without a colon", block, at, end);
                }
            }
            if (colon > at) {
                headers[n++] = text(block, at, colon);
                headers[n++] = text(block, skipBlanks(block, colon + 1, end), end);
            }
            at = end + 2;
        }
        if (end + 2 != block.length) {
            throw garbage("header block with more behind its blank line", block);
        }
        return n == headers.length ? headers : Arrays.copyOf(headers, n);
    }

    /** Writes a block; names and values have been checked, or were received. */
    static byte[] write(List<String> headers) {
        int length = VERSION.length + 4;
        for (int i = 0; i < headers.size(); i += 2) {
            length += ByteBufUtil.utf8Bytes(headers.get(i)) + ByteBufUtil.utf8Bytes(headers.get(i + 1)) + 4;
        }
        byte[] block = new byte[length];
        System.arraycopy(VERSION, 0, block, 0, VERSION.length);
        int at = crlf(block, VERSION.length);
        for (int i = 0; i < headers.size(); i += 2) {
            at = put(block, at, headers.get(i));
            block[at++] = ':';
            block[at++] = ' ';
            at = crlf(block, put(block, at, headers.get(i + 1)));
        }
        crlf(block, at);
        return block;
    }

    private static int crlf(byte[] block, int at) {
        block[at] = '\r';
        block[at + 1] = '\n';
        return at + 2;
    }

    private static int put(byte[] block, int at, String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] rest = text.substring(i).getBytes(UTF_8);
                System.arraycopy(rest, 0, block, at + i, rest.length);
                return at + i + rest.length;
            }
            block[at + i] = (byte) c;
        }
        return at + length;
    }

    private static int firstLineEnd(byte[] block) {
        if (block.length < VERSION.length || !Arrays.equals(block, 0, VERSION.length, VERSION, 0, VERSION.length)) {
            throw garbage("header block that does not start with NATS/1.0", block);
        }
        return lineEnd(block, VERSION.length);
    }

    /** The index of the CRLF that ends the line. */
    private static int lineEnd(byte[] block, int from) {
        for (int i = from; i < block.length; i++) {
            byte b = block[i];
            if (b == '\r' || b == '\n') {
                if (b == '\r' && i + 1 < block.length && block[i + 1] == '\n') {
                    return i;
                }
                throw garbage("header block with a CR or LF alone", block);
            }
        }
        throw garbage("header block that ends within a line", block);
    }

    private static int countLines(byte[] block, int from, int maxCount) {
        int lines = 0;
        for (int i = from; i < block.length; i++) {
            if (block[i] == '\n') {
                lines++;
            }
        }
        int headers = lines - 1; // one is the blank line
        if (headers > maxCount) {
            throw garbage("header block of " + headers + " lines, over the limit of " + maxCount, block);
        }
        return headers;
    }

    private static boolean endsWithBlankLine(byte[] block) {
        int n = block.length;
        return block[n - 4] == '\r' && block[n - 3] == '\n' && block[n - 2] == '\r' && block[n - 1] == '\n';
    }

    private static int skipBlanks(byte[] block, int from, int end) {
        int i = from;
        while (i < end && isBlank(block[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** UTF-8, as most clients send; what is not, byte for byte as ISO 8859-1, as some older ones do. */
    private static String text(byte[] block, int start, int end) {
        String text = new String(block, start, end - start, UTF_8);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(block, start, end - start))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(block, start, end - start, ISO_8859_1);
        }
    }

    private static ProtocolException garbage(String what, byte[] block) {
        return garbage(what, block, 0, block.length);
    }

    private static ProtocolException garbage(String what, byte[] block, int start, int end) {
        return ProtocolException.quoting(what, block, start, end - start);
    }
}
