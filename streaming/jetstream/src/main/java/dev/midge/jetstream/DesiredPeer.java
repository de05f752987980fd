// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica as a stream or consumer should have it.
 */
public final class DesiredPeer extends ApiObject {
    static final Schema<DesiredPeer> SCHEMA = new Schema<>(DesiredPeer.class, "desired peer", DesiredPeer::new);

    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<Boolean> OFFLINE = SCHEMA.flag("offline");
    private static final Field<String> PEER = SCHEMA.text("peer", "");

    private DesiredPeer(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The name of its server. */
    public String name() {
        return get(NAME);
    }

    /** Whether it was not seen lately. */
    public boolean offline() {
        return get(OFFLINE);
    }

    /** Its id. */
    public String peer() {
        return get(PEER);
    }
}
