// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that was made beforehand and that a mirror or source reads through. Servers from 2.14 on.
 */
public final class SourceConsumer extends ApiObject {
    static final Schema<SourceConsumer> SCHEMA =
            new Schema<>(SourceConsumer.class, "source consumer", SourceConsumer::new);

    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<String> DELIVER_SUBJECT = SCHEMA.text("deliver_subject", "");

    private SourceConsumer(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /**
     * A consumer to read through.
     *
     * @throws IllegalArgumentException if the name or the subject is not allowed
     */
    public static SourceConsumer of(String name, String deliverSubject) {
        Rules.name(NAME, name);
        Rules.literal(DELIVER_SUBJECT, deliverSubject);
        return SCHEMA.of(Map.of(NAME.name(), name, DELIVER_SUBJECT.name(), deliverSubject));
    }

    /** The name of the consumer. */
    public String name() {
        return get(NAME);
    }

    /** The subject that it delivers to. */
    public String deliverSubject() {
        return get(DELIVER_SUBJECT);
    }
}
