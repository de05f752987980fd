// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import dev.midge.protocol.Info;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server releases that brought something to the API, and the API level of each: level 0 is all that there was
 * before levels (ADR-44, and jetstream_versioning.go in nats-server).
 */
enum Since {
    V2_10(10, 0, 0),
    V2_10_4(10, 4, 0),
    V2_11(11, 0, 1),
    V2_12(12, 0, 2),
    V2_14(14, 0, 4),
    V2_15(15, 0, 5);

    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})?.*");

    private final int minor;
    private final int patch;
    private final int level;

    Since(int minor, int patch, int level) {
        this.minor = minor;
        this.patch = patch;
        this.level = level;
    }

    /** Whether a server has it: one of unknown version is taken at its word, which is its API level. */
    boolean isIn(Info server) {
        if (level > 0 && server.apiLvl() >= level) {
            return true;
        }
        Matcher version = VERSION.matcher(server.version());
        if (!version.matches()) {
            return level == 0;
        }
        int[] given = {Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)), 0};
        String last = version.group(3);
        given[2] = last == null ? 0 : Integer.parseInt(last);
        return Arrays.compare(given, new int[] {2, minor, patch}) >= 0;
    }

    /** Whether servers of an API level have it; those of level 0 may have what has no level. */
    boolean isIn(long apiLevel) {
        return apiLevel >= level;
    }

    /** As in {@code 2.11 (API level 1)}. */
    @Override
    public String toString() {
        return "2." + minor + (patch == 0 ? "" : "." + patch) + (level == 0 ? "" : " (API level " + level + ")");
    }
}
