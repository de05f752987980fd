// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressOrderTest {
    private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses;
    }

    /** RFC 8305, section 4. */
    @Test
    void kindsComeInTurns() throws Exception {
        assertThat(AddressOrder.interleaved(addresses("::1", "::2", "::3", "1.1.1.1", "2.2.2.2")))
                .isEqualTo(addresses("::1", "1.1.1.1", "::2", "2.2.2.2", "::3"));
        assertThat(AddressOrder.interleaved(addresses("1.1.1.1", "::1", "::2")))
                .isEqualTo(addresses("1.1.1.1", "::1", "::2"));
        assertThat(AddressOrder.interleaved(addresses("1.1.1.1", "2.2.2.2")))
                .isEqualTo(addresses("1.1.1.1", "2.2.2.2"));
        assertThat(AddressOrder.interleaved(List.of())).isEmpty();
    }

    /** ADR-11. */
    @Test
    void eachKindIsShuffledByItself() throws Exception {
        List<InetAddress> given = addresses("::1", "1.1.1.1", "2.2.2.2", "::2", "3.3.3.3");
        SplittableRandom random = new SplittableRandom(1);
        Set<List<InetAddress>> orders = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            List<InetAddress> shuffled = AddressOrder.shuffled(given, random);
            assertThat(shuffled).containsExactlyInAnyOrderElementsOf(given);
            for (int j = 0; j < given.size(); j++) {
                assertThat(shuffled.get(j)).hasSameClassAs(given.get(j));
            }
            orders.add(shuffled);
        }
        assertThat(orders).hasSize(2 * 6);
    }
}
