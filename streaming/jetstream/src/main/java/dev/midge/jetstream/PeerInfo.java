// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica of a stream or consumer that does not lead.
 */
public final class PeerInfo extends ApiObject {
    static final Schema<PeerInfo> SCHEMA = new Schema<>(PeerInfo.class, "peer", PeerInfo::new);

    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<Boolean> CURRENT = SCHEMA.flag("current");
    private static final Field<Boolean> OFFLINE = SCHEMA.flag("offline");
    private static final Field<Duration> ACTIVE = SCHEMA.duration("active");
    private static final Field<Long> LAG = SCHEMA.whole("lag");
    private static final Field<String> PEER = SCHEMA.text("peer", "");
    private static final Field<Boolean> PENDING = SCHEMA.flag("pending");

    private PeerInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The name of its server. */
    public String name() {
        return get(NAME);
    }

    /** Whether it was seen lately and has caught up. */
    public boolean current() {
        return get(CURRENT);
    }

    /** Whether it was not seen lately. */
    public boolean offline() {
        return get(OFFLINE);
    }

    /** How long ago it was seen. */
    public Duration active() {
        return get(ACTIVE);
    }

    /** How many operations it is behind. */
    public long lag() {
        return get(LAG);
    }

    /** Its id. */
    public String peer() {
        return get(PEER);
    }

    /** Whether it is on its way into the group or out of it; servers from 2.15 on. */
    public boolean pending() {
        return get(PENDING);
    }
}
