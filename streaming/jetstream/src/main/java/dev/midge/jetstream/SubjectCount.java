// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/**
 * A subject of a stream.
 *
 * @param subject the subject
 * @param messages how many messages it has
 */
public record SubjectCount(String subject, long messages) {}
