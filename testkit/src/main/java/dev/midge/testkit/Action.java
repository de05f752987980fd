// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.time.Duration;

/** What happens at a {@link Place}. */
sealed interface Action {
    /** Whether it happens to a byte, and so waits for one; the others happen once all before it has passed. */
    boolean needsByte();

    /**
     * Lets it happen, on the outlet's thread.
     *
     * @param bytes the byte is one of these, if it needs one
     * @param at the index of the byte
     */
    void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) throws InterruptedException;

    record End(Cut how) implements Action {
        @Override
        public boolean needsByte() {
            return false;
        }

        @Override
        public void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) {
            outlet.connection().cut(how);
        }
    }

    record Drop() implements Action {
        @Override
        public boolean needsByte() {
            return true;
        }

        @Override
        public void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) {
            outlet.dropUntil(trigger.offset() + trigger.length());
        }
    }

    record Corrupt() implements Action {
        @Override
        public boolean needsByte() {
            return true;
        }

        @Override
        public void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) {
            bytes[at] ^= (byte) (1 << outlet.chance(trigger.fault()).nextInt(8));
        }
    }

    record Delay(Duration time) implements Action {
        @Override
        public boolean needsByte() {
            return true;
        }

        @Override
        public void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) throws InterruptedException {
            outlet.pause(time);
        }
    }

    record Hold() implements Action {
        @Override
        public boolean needsByte() {
            return false;
        }

        @Override
        public void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) {
            outlet.hold();
        }
    }

    record BlackHole() implements Action {
        @Override
        public boolean needsByte() {
            return false;
        }

        @Override
        public void happen(Outlet outlet, Outlet.Trigger trigger, byte[] bytes, int at) {
            outlet.connection().blackHole();
        }
    }
}
