// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** Where the pulls are behind an event, and what is to be done. */
record PullStep(PullState state, PullDecision decision) {}
