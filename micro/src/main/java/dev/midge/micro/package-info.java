// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** NATS services and their discovery (ADR-32). */
@NullMarked
package dev.midge.micro;

import org.jspecify.annotations.NullMarked;
