// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/**
 * How closely subjects and the like are looked at before they are sent. What each mode refuses, in addition to the one
 * before it:
 *
 * <table>
 * <caption>What is refused with an IllegalArgumentException</caption>
 * <tr><th></th><th>{@link #NONE}</th><th>{@link #LENIENT}</th><th>{@link #STRICT}</th></tr>
 * <tr><td>publish subject, reply-to</td>
 * <td rowspan="3">null, nothing, blank, tab, CR, LF, NUL: what would make another frame of it</td>
 * <td>empty tokens, as in {@code a..b}, {@code .a} and {@code a.}; the tokens {@code *} and {@code >}; form feed; half a
 * surrogate pair</td>
 * <td>what is not printable ASCII (33 to 126); {@code *} and {@code >} within tokens</td></tr>
 * <tr><td>subscribe subject</td>
 * <td>the same, but the tokens {@code *} anywhere and {@code >} at the end are wildcards</td>
 * <td>the same, but for wildcards</td></tr>
 * <tr><td>queue group</td>
 * <td>form feed; half a surrogate pair</td>
 * <td>what is not printable ASCII; {@code .}, {@code *} and {@code >}</td></tr>
 * <tr><td>inbox prefix</td>
 * <td colspan="2">as a publish subject when lenient: with any other prefix no reply would ever come</td>
 * <td>as a publish subject</td></tr>
 * </table>
 *
 * <p>Lenient is what the server takes: {@code a*b} and {@code a>} are tokens like any other to it, as are those in
 * UTF-8 (IsValidSubject in nats-server's sublist.go). Strict is the grammar of ADR-6.
 */
public enum SubjectValidation {
    /** Only what keeps the frame whole. A server may answer the rest with {@code -ERR}, or silently deliver nothing. */
    NONE,

    /** What the server takes as a subject. */
    LENIENT,

    /** The grammar of ADR-6. */
    STRICT
}
