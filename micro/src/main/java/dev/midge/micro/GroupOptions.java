// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro;

/** What a group of endpoints is called and how they behave. Immutable. */
public final class GroupOptions {
    private final String name;
    private final Builder settings;

    private GroupOptions(Builder builder) {
        name = builder.name;
        settings = builder.copyTo(new Builder(builder.name));
    }

    /**
     * A builder for a group of that name.
     *
     * @param name what the subjects of its endpoints start with, before a dot; may be empty, and so add nothing
     * @throws IllegalArgumentException if it is no subject, or ends with the wildcard {@code >}
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    Scope within(Scope outer) {
        return settings.within(outer, name);
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder extends Settings<Builder> {
        private final String name;

        private Builder(String name) {
            this.name = Rules.groupName(name);
        }

        /** The options. */
        public GroupOptions build() {
            return new GroupOptions(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
