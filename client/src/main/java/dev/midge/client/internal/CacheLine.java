// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.internal;

/**
 * Keeps the fields of a subclass off the cache line of whatever lies before it on the heap. Two threads that write
 * to one line slow each other, whether or not they write to one field.
 */
@SuppressWarnings("unused") // the fields are there for their size: 56 bytes, with the object's header a line of 64
public abstract class CacheLine {
    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;
}
