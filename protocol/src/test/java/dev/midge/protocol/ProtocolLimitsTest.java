// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ProtocolLimitsTest {
    private static final ProtocolLimits DEFAULTS = ProtocolLimits.DEFAULTS;

    @Test
    void eachHasARange() {
        range("maxControlLine", DEFAULTS::withMaxControlLine, 64, 1 << 20);
        range("maxInfoLine", DEFAULTS::withMaxInfoLine, 1 << 10, 64 << 20);
        range("maxPayload", DEFAULTS::withMaxPayload, 0, 1 << 30);
        range("maxHeaderBytes", DEFAULTS::withMaxHeaderBytes, 12, 1 << 30);
        range("maxHeaderCount", DEFAULTS::withMaxHeaderCount, 1, 1_000_000);
    }

    private static void range(String name, IntFunction<ProtocolLimits> with, int min, int max) {
        assertThat(with.apply(min).toString()).contains(name + "=" + min);
        assertThat(with.apply(max).toString()).contains(name + "=" + max);
        for (int wrong : new int[] {min - 1, max + 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> with.apply(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " is " + wrong + ": must be " + min + " to " + max);
        }
    }

    @Test
    void witherChangesOneOfThem() {
        assertThat(DEFAULTS.withMaxControlLine(100))
                .isEqualTo(new ProtocolLimits(100, 1 << 20, 64 << 20, 1 << 20, 10_000));
        assertThat(DEFAULTS.withMaxInfoLine(2000))
                .isEqualTo(new ProtocolLimits(16 << 10, 2000, 64 << 20, 1 << 20, 10_000));
        assertThat(DEFAULTS.withMaxPayload(100)).isEqualTo(new ProtocolLimits(16 << 10, 1 << 20, 100, 1 << 20, 10_000));
        assertThat(DEFAULTS.withMaxHeaderBytes(100))
                .isEqualTo(new ProtocolLimits(16 << 10, 1 << 20, 64 << 20, 100, 10_000));
        assertThat(DEFAULTS.withMaxHeaderCount(100))
                .isEqualTo(new ProtocolLimits(16 << 10, 1 << 20, 64 << 20, 1 << 20, 100));
    }
}
