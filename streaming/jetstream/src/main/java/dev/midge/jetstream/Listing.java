// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list that a server gives page by page. Each page is asked for when it is needed, by whoever iterates: that blocks, and
 * throws what {@link JetStream} says. Every iteration starts anew; what changes meanwhile may be seen, missed or seen twice.
 */
public final class Listing<T> implements Iterable<T> {
    private final Pages<T> pages;

    Listing(Pages<T> pages) {
        this.pages = pages;
    }

    /** How to get a page. */
    @FunctionalInterface
    interface Pages<T> {
        /** The page behind another one, which is null for the first. */
        Page<T> after(@Nullable Page<T> previous);
    }

    /**
     * A page.
     *
     * @param next where the next one starts, negative if it is the last
     * @param limit up to where the whole list goes, where that is fixed by the first page; else 0
     * @param offline what cannot be listed in full as a server is too old for it, with why
     * @param missing what cannot be listed in full as no server answered for it
     */
    record Page<T>(List<T> elements, long next, long limit, Map<String, String> offline, List<String> missing) {
        boolean isLast() {
            return next < 0;
        }
    }

    /** All elements; asks for all pages. */
    public List<T> toList() {
        List<T> all = new ArrayList<>();
        forEach(all::add);
        return Collections.unmodifiableList(all);
    }

    /** The elements as a stream that asks for pages as it goes. */
    public java.util.stream.Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** What could not be listed in full, as it needs a newer server than the one it is on, by name with why; asks for all pages. */
    public Map<String, String> offline() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Page<T> page = pages.after(null); ; page = pages.after(page)) {
            all.putAll(page.offline());
            if (page.isLast()) {
                return Collections.unmodifiableMap(all);
            }
        }
    }

    /** The names of what could not be listed in full, as no server answered for it; asks for all pages. */
    public List<String> missing() {
        List<String> all = new ArrayList<>();
        for (Page<T> page = pages.after(null); ; page = pages.after(page)) {
            all.addAll(page.missing());
            if (page.isLast()) {
                return Collections.unmodifiableList(all);
            }
        }
    }

    @Override
    public Iterator<T> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<T> {
        private @Nullable Page<T> page;
        private Iterator<T> elements = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
            while (!elements.hasNext() && (page == null || !page.isLast())) {
                Page<T> next = pages.after(page);
                page = next;
                elements = next.elements().iterator();
            }
            return elements.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more");
            }
            return elements.next();
        }
    }
}
