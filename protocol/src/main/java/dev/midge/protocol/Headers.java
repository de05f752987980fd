// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message (ADR-4), in the order they were given: names keep their case, the same name may come more
 * than once, and {@code get} and its like tell names apart by case, as the server does, but for those that say
 * otherwise. Immutable, and safe for use by many threads.
 *
 * <p>Headers that were received are read at the first use of anything but {@link #status()}: every method may then
 * throw {@link ProtocolException}, when the sender's header block is none. Blanks before a value are no part of it.
 * Values are UTF-8; a received one that is not is read byte for byte as ISO 8859-1.
 */
public final class Headers {
    /** No headers at all. */
    public static final Headers EMPTY = builder().build();

    /** The truth: a block that was received and may be garbage, or one that the builder wrote. */
    private final byte[] block;

    private final int maxCount;

    /** The same as name, value, name, value; null until needed. Threads that race here read the same. */
    private volatile String @Nullable [] fields;

    private Headers(byte[] block, int maxCount, String @Nullable [] fields) {
        this.block = block;
        this.maxCount = maxCount;
        this.fields = fields;
    }

    /**
     * One header.
     *
     * @throws IllegalArgumentException as {@link Builder#add} does
     */
    public static Headers of(String name, String value) {
        return builder().add(name, value).build();
    }

    /** A builder without headers. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Wraps a header block that was received, from its {@code NATS/1.0} to its blank line; nothing of it is looked at
     * yet, so this never throws for what is in it.
     *
     * @param block belongs to these headers from now on
     * @param maxCount the most header lines it may have, see {@link ProtocolLimits#maxHeaderCount()}
     */
    public static Headers parse(byte[] block, int maxCount) {
        return new Headers(Objects.requireNonNull(block, "block"), maxCount, null);
    }

    /**
     * The status that the server put in the first line, or null when there is none. Reads no more than that line.
     *
     * @throws ProtocolException when that is not the first line of a header block
     */
    public @Nullable Status status() {
        return HeaderBlock.status(block);
    }

    /** The first value of the name, or null when there is none. */
    public @Nullable String get(String name) {
        String[] all = fields();
        for (int i = 0; i < all.length; i += 2) {
            if (all[i].equals(name)) {
                return all[i + 1];
            }
        }
        return null;
    }

    /** The first value of the name in any case, or null when there is none. */
    public @Nullable String getIgnoringCase(String name) {
        String[] all = fields();
        for (int i = 0; i < all.length; i += 2) {
            if (all[i].equalsIgnoreCase(name)) {
                return all[i + 1];
            }
        }
        return null;
    }

    /** All values of the name in order, empty when there is none. The list cannot be changed. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        forEach((candidate, value) -> {
            if (candidate.equals(name)) {
                values.add(value);
            }
        });
        return Collections.unmodifiableList(values);
    }

    /** All values of the name in any case, in order, empty when there is none. The list cannot be changed. */
    public List<String> allIgnoringCase(String name) {
        List<String> values = new ArrayList<>(2);
        forEach((candidate, value) -> {
            if (candidate.equalsIgnoreCase(name)) {
                values.add(value);
            }
        });
        return Collections.unmodifiableList(values);
    }

    /** Whether there is a header of that name. */
    public boolean contains(String name) {
        return get(name) != null;
    }

    /** Whether there is a header of that name in any case. */
    public boolean containsIgnoringCase(String name) {
        return getIgnoringCase(name) != null;
    }

    /** The names, each once, in the order in which they come first. The set cannot be changed. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        forEach((name, value) -> names.add(name));
        return Collections.unmodifiableSet(names);
    }

    /** How many headers there are: a name with two values counts twice. */
    public int size() {
        return fields().length / 2;
    }

    /** Whether there is no header; there may be a {@link #status()}. */
    public boolean isEmpty() {
        return fields().length == 0;
    }

    /** Calls the action with name and value of each header in order. */
    public void forEach(BiConsumer<String, String> action) {
        String[] all = fields();
        for (int i = 0; i < all.length; i += 2) {
            action.accept(all[i], all[i + 1]);
        }
    }

    /**
     * A builder with these headers, without the status.
     *
     * @throws IllegalArgumentException when what was received may not be sent, as {@link Builder#add} says
     */
    public Builder toBuilder() {
        return builder().addAll(this);
    }

    /**
     * The header block to send, made once: not a copy, must not be changed. Headers that were received go out with the
     * bytes they came with, but for a status, which only servers send.
     */
    public byte[] encoded() {
        String[] all = fields();
        return HeaderBlock.plain(block) ? block : HeaderBlock.write(Arrays.asList(all));
    }

    /** The length of {@link #encoded()} in bytes. */
    public int encodedLength() {
        return encoded().length;
    }

    /**
     * The length in bytes of the header block as it was received, status included, or as it will be sent. Reads nothing
     * of it, and so never throws.
     */
    public int blockLength() {
        return block.length;
    }

    /** Writes {@link #encoded()}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(encoded());
    }

    /** Whether the other has the same headers in the same order, and the same status. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that
                && (this == that
                        || (Arrays.equals(fields(), that.fields()) && Objects.equals(status(), that.status())));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields());
    }

    /** The headers, for logs and debuggers; says so when they cannot be read, and never throws. */
    @Override
    public String toString() {
        try {
            StringBuilder text = new StringBuilder("Headers[");
            Status status = status();
            if (status != null) {
                text.append(status).append("; ");
            }
            forEach((name, value) ->
                    text.append(name).append(": ").append(value).append(", "));
            if (text.charAt(text.length() - 1) == ' ') {
                text.setLength(text.length() - 2);
            }
            return text.append(']').toString();
        } catch (ProtocolException e) {
            return "Headers[" + e.getMessage() + "]";
        }
    }

    private String[] fields() {
        String[] known = fields;
        if (known == null) {
            known = HeaderBlock.read(block, maxCount);
            fields = known;
        }
        return known;
    }

    /** Puts {@link Headers} together. Not thread-safe; can go on after {@link #build()}. */
    public static final class Builder {
        private final List<String> fields = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a header behind the others.
         *
         * @param name printable ASCII (33 to 126) but for the colon, at least one character
         * @param value anything but CR and LF; sent as UTF-8. Blanks and tabs at its start are taken off, as those who
         *     receive it would
         * @throws IllegalArgumentException when name or value is not so
         */
        public Builder add(String name, String value) {
            HeaderRules.checkName(name);
            String checked = HeaderRules.checkedValue(name, value); // before the first change
            fields.add(name);
            fields.add(checked);
            return this;
        }

        /** Adds all headers of the other, without its status. */
        public Builder addAll(Headers headers) {
            headers.forEach(this::add);
            return this;
        }

        /** Adds a header behind the others and takes all others of the same name out. */
        public Builder set(String name, String value) {
            HeaderRules.checkName(name);
            String checked = HeaderRules.checkedValue(name, value);
            remove(name);
            return add(name, checked);
        }

        /** Takes all headers of that name out. */
        public Builder remove(String name) {
            for (int i = fields.size() - 2; i >= 0; i -= 2) {
                if (fields.get(i).equals(name)) {
                    fields.subList(i, i + 2).clear();
                }
            }
            return this;
        }

        /** The headers as they are now. */
        public Headers build() {
            return new Headers(HeaderBlock.write(fields), fields.size() / 2, fields.toArray(new String[0]));
        }
    }
}
