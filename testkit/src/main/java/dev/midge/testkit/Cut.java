// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

/** How a {@link FrameProxy} ends a connection, towards the client and the server alike. */
public enum Cut {
    /** In good order: each side reads what was passed on before, and then the end of the stream. */
    FIN,
    /** By a reset, as when a host crashes: what a side has not read yet may be lost to it. */
    RST
}
