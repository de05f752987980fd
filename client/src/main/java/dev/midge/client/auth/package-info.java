// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Who a connection is to be: user and password, token, NKEY, JWT and credentials files. Users make an {@code Auth} and
 * give it to the options; the connection applies it to each CONNECT.
 */
@NullMarked
package dev.midge.client.auth;

import org.jspecify.annotations.NullMarked;
