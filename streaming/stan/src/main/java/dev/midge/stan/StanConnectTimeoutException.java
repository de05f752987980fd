// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan;

import org.jspecify.annotations.Nullable;

/** No server of the cluster answered within {@link StanOptions#connectTimeout()}; the text names the cluster and the discover subject. */
public final class StanConnectTimeoutException extends StanException {
    private static final long serialVersionUID = 1L;

    StanConnectTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
