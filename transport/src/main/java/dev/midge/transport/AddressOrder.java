// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** In which order the addresses of a host are tried. */
final class AddressOrder {
    private AddressOrder() {}

    /** Shuffled, so that clients spread over them; which kind of address comes first stays as the resolver has it. */
    static List<InetAddress> shuffled(List<InetAddress> addresses, RandomGenerator random) {
        List<InetAddress> shuffled = new ArrayList<>(addresses);
        for (boolean v6 : new boolean[] {false, true}) {
            int[] places = IntStream.range(0, addresses.size())
                    .filter(i -> isV6(addresses.get(i)) == v6)
                    .toArray();
            for (int i = places.length - 1; i > 0; i--) {
                Collections.swap(shuffled, places[i], places[random.nextInt(i + 1)]);
            }
        }
        return shuffled;
    }

    /**
     * IPv4 and IPv6 in turns, as RFC 8305, section 4, has it, the kind of the first address first: where one of the two
     * does not work at all, the other is tried at once.
     */
    static List<InetAddress> interleaved(List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            return addresses;
        }
        boolean firstKind = isV6(addresses.get(0));
        List<InetAddress> some =
                addresses.stream().filter(a -> isV6(a) == firstKind).toList();
        List<InetAddress> others =
                addresses.stream().filter(a -> isV6(a) != firstKind).toList();
        List<InetAddress> interleaved = new ArrayList<>(addresses.size());
        for (int i = 0; i < Math.max(some.size(), others.size()); i++) {
            if (i < some.size()) {
                interleaved.add(some.get(i));
            }
            if (i < others.size()) {
                interleaved.add(others.get(i));
            }
        }
        return interleaved;
    }

    private static boolean isV6(InetAddress address) {
        return address instanceof Inet6Address;
    }
}
