// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/**
 * How much a peer may send before its connection ends with a {@link ProtocolException}: the bounds that keep a
 * broken or hostile server from filling the memory. All are in bytes but the last.
 *
 * @param maxControlLine longest control line but INFO, its CRLF included; 64 to 1 MiB
 * @param maxInfoLine longest INFO line, its CRLF included; 1 KiB to 64 MiB
 * @param maxPayload largest header block and payload together of one message; 0 to 1 GiB
 * @param maxHeaderBytes largest header block; 12 to 1 GiB
 * @param maxHeaderCount most header lines in one block; 1 to 1,000,000
 */
public record ProtocolLimits(
        int maxControlLine, int maxInfoLine, int maxPayload, int maxHeaderBytes, int maxHeaderCount) {
    /**
     * 16 KiB of control line: the server's own default is 4 KiB for what clients send, a MSG line carries a sid
     * besides, and operators raise it. 1 MiB of INFO: it lists every server of a cluster. 64 MiB of payload: the
     * server's max_pending, over which it cannot send. 1 MiB of headers in 10,000 lines.
     */
    public static final ProtocolLimits DEFAULTS = new ProtocolLimits(16 << 10, 1 << 20, 64 << 20, 1 << 20, 10_000);

    /** @throws IllegalArgumentException if a limit is outside the range given for it */
    public ProtocolLimits {
        check("maxControlLine", maxControlLine, 64, 1 << 20);
        check("maxInfoLine", maxInfoLine, 1 << 10, 64 << 20);
        check("maxPayload", maxPayload, 0, 1 << 30);
        check("maxHeaderBytes", maxHeaderBytes, 12, 1 << 30);
        check("maxHeaderCount", maxHeaderCount, 1, 1_000_000);
    }

    /** These limits with another {@link #maxControlLine()}. */
    public ProtocolLimits withMaxControlLine(int bytes) {
        return new ProtocolLimits(bytes, maxInfoLine, maxPayload, maxHeaderBytes, maxHeaderCount);
    }

    /** These limits with another {@link #maxInfoLine()}. */
    public ProtocolLimits withMaxInfoLine(int bytes) {
        return new ProtocolLimits(maxControlLine, bytes, maxPayload, maxHeaderBytes, maxHeaderCount);
    }

    /** These limits with another {@link #maxPayload()}. */
    public ProtocolLimits withMaxPayload(int bytes) {
        return new ProtocolLimits(maxControlLine, maxInfoLine, bytes, maxHeaderBytes, maxHeaderCount);
    }

    /** These limits with another {@link #maxHeaderBytes()}. */
    public ProtocolLimits withMaxHeaderBytes(int bytes) {
        return new ProtocolLimits(maxControlLine, maxInfoLine, maxPayload, bytes, maxHeaderCount);
    }

    /** These limits with another {@link #maxHeaderCount()}. */
    public ProtocolLimits withMaxHeaderCount(int count) {
        return new ProtocolLimits(maxControlLine, maxInfoLine, maxPayload, maxHeaderBytes, count);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ": must be " + min + " to " + max);
        }
    }
}
