// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host name. Asked anew for each attempt to connect, and not for IP addresses. */
@FunctionalInterface
public interface HostResolver {
    /**
     * The addresses of a host, in the order in which they are to be tried; see {@link
     * ConnectRequest.Builder#shuffleAddresses}. May block: it is called on a thread for
     * such work, neither the caller's nor an event loop's. An attempt to connect that ran out of time does not wait
     * for it.
     *
     * @throws UnknownHostException if there is none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The one of the JDK, with its cache. */
    static HostResolver jdk() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
