// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

/** Where in a direction of a connection something is to happen. */
sealed interface Place {
    /** Text for error messages. */
    String text();

    /**
     * In front of a byte.
     *
     * @param offset how many bytes come before it
     */
    record AtByte(long offset) implements Place {
        @Override
        public String text() {
            return "byte " + offset;
        }
    }

    /**
     * At a frame, or at a byte within it.
     *
     * @param kind the kind of the frame
     * @param ordinal which of this kind, from 1 on; 0 for each
     * @param plus how many bytes into it; -1 for the frame as a whole
     * @param probability how likely it is that it happens at such a frame
     */
    record AtFrame(Frame kind, long ordinal, long plus, double probability) implements Place {
        @Override
        public String text() {
            return kind + (ordinal == 0 ? "" : " " + ordinal) + (plus < 0 ? "" : " plus " + plus);
        }

        boolean isAt(Frame other, long count) {
            return kind == other && (ordinal == 0 || ordinal == count);
        }
    }
}
