// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.server;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;

/**
 * How connections are encrypted.
 *
 * @param context makes the server's side of it
 * @param verify whether clients must show a certificate
 * @param optional whether clients may do without
 * @param first whether the handshake comes before INFO
 * @param timeout how long a handshake may take
 */
public record TlsSettings(SslContext context, boolean verify, boolean optional, boolean first, Duration timeout) {}
