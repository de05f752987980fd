// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * One thing that can be said of options in text.
 *
 * @param name as behind the prefix of a property, such as {@code tls.verify-host-name}
 * @param type what the value may be
 * @param setter says it to the builders
 */
record OptionKey<T>(String name, ValueType<T> type, BiConsumer<OptionsDraft, T> setter) {
    /** As behind the prefix of an environment variable, such as {@code TLS_VERIFY_HOST_NAME}. */
    String variable() {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /**
     * Reads a value and says it to the builders.
     *
     * @throws IllegalArgumentException if it is none, or not allowed; the text shows no secret
     */
    void apply(OptionsDraft draft, String text) {
        String stripped = text.strip();
        T value;
        try {
            value = type.reader().apply(stripped);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw refused(
                    draft, stripped, "must be: " + type.shape().replace("`", "")); // no cause: it may quote a secret
        }
        try {
            setter.accept(draft, value);
        } catch (IllegalArgumentException e) {
            throw refused(draft, stripped, String.valueOf(e.getMessage()));
        }
    }

    private IllegalArgumentException refused(OptionsDraft draft, String text, String why) {
        String shown = type.secret() ? " is not allowed: " : " is \"" + text + "\": ";
        return new IllegalArgumentException(draft.spelled(name) + shown + why);
    }
}
