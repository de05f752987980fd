// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a {@code .creds} file holds: a JWT and the seed that belongs to it, between lines of dashes.
 *
 * <pre>
 * -----BEGIN NATS USER JWT-----
 * eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ...
 * ------END NATS USER JWT------
 *
 * ************************* IMPORTANT *************************
 * ...
 *
 * -----BEGIN USER NKEY SEED-----
 * SU...
 * ------END USER NKEY SEED------
 * </pre>
 *
 * <p>Source: nkeys v0.4.16, creds_utils.go, where as here only the dashes count, not what is written between them.
 */
final class CredentialsFile implements AutoCloseable {
    private static final String DASHES = "---";

    private final char[] jwt;
    private final char[] seed;

    private CredentialsFile(char[] jwt, char[] seed) {
        this.jwt = jwt;
        this.seed = seed;
    }

    /** @throws IllegalArgumentException if one of the two is missing; the text shows nothing of them */
    static CredentialsFile parse(byte[] utf8) {
        char[] text = Secrets.chars(utf8);
        List<char[]> blocks = new ArrayList<>();
        try {
            collect(text, blocks);
            if (blocks.isEmpty()) {
                throw new IllegalArgumentException("there is no JWT in it: a line between lines of dashes");
            }
            if (blocks.size() == 1) {
                throw new IllegalArgumentException("there is a JWT but no NKEY seed behind it");
            }
            return new CredentialsFile(blocks.get(0).clone(), blocks.get(1).clone());
        } finally {
            Secrets.wipe(text);
            blocks.forEach(Secrets::wipe);
        }
    }

    /** The lines that stand alone between two lines of dashes. */
    private static void collect(char[] text, List<char[]> blocks) {
        char[] candidate = new char[0];
        boolean open = false;
        for (int start = 0; start < text.length; ) {
            int end = start;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            char[] line = Secrets.trim(Arrays.copyOfRange(text, start, end));
            start = end + 1;
            if (isDashes(line)) {
                if (open && candidate.length > 0) {
                    blocks.add(candidate);
                    candidate = new char[0];
                    open = false;
                } else {
                    open = true;
                }
            } else if (line.length > 0 && open) {
                open = candidate.length == 0; // more than one line is no block
                candidate = open ? line : new char[0];
            }
        }
    }

    private static boolean isDashes(char[] line) {
        String text = line.length > 2 * DASHES.length() ? String.valueOf(line, 0, DASHES.length()) : "";
        return text.equals(DASHES) && String.valueOf(line, line.length - 3, 3).equals(DASHES);
    }

    /** Not a copy. */
    char[] jwt() {
        return jwt;
    }

    /** Not a copy. */
    char[] seed() {
        return seed;
    }

    @Override
    public void close() {
        Secrets.wipe(jwt);
        Secrets.wipe(seed);
    }

    @Override
    public String toString() {
        return "CredentialsFile[***]";
    }
}
