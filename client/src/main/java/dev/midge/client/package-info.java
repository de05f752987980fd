// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** The API people use: connections, subscriptions, messages. Start at Nats. */
@NullMarked
package dev.midge.client;

import org.jspecify.annotations.NullMarked;
