// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a mirror or source is.
 */
public final class StreamSourceInfo extends ApiObject {
    static final Schema<StreamSourceInfo> SCHEMA =
            new Schema<>(StreamSourceInfo.class, "stream source info", StreamSourceInfo::new);

    private static final Field<String> NAME = SCHEMA.text("name", "");
    private static final Field<ExternalStream> EXTERNAL = SCHEMA.object("external", ExternalStream.SCHEMA);
    private static final Field<Long> LAG = SCHEMA.whole("lag");
    private static final Field<Long> SEQ = SCHEMA.whole("seq");
    private static final Field<Duration> ACTIVE = SCHEMA.duration("active");
    private static final Field<ApiError> ERROR = SCHEMA.object("error", ApiError.SCHEMA);
    private static final Field<String> FILTER_SUBJECT = SCHEMA.text("filter_subject");
    private static final Field<List<SubjectTransform>> SUBJECT_TRANSFORMS =
            SCHEMA.objects("subject_transforms", SubjectTransform.SCHEMA);

    private StreamSourceInfo(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The name of the stream. */
    public String name() {
        return get(NAME);
    }

    /** Where it is reached, or null. */
    public @Nullable ExternalStream external() {
        return find(EXTERNAL);
    }

    /** How many messages it is behind. */
    public long lag() {
        return get(LAG);
    }

    /** The last sequence number that was taken; servers from 2.15 on. */
    public long seq() {
        return get(SEQ);
    }

    /** How long ago something came of it; negative if never. */
    public Duration active() {
        return get(ACTIVE);
    }

    /** Why it does not work, or null. */
    public @Nullable ApiError error() {
        return find(ERROR);
    }

    /** Which subjects are taken, or null for all. */
    public @Nullable String filterSubject() {
        return find(FILTER_SUBJECT);
    }

    /** Which subjects are taken, and what becomes of them. */
    public List<SubjectTransform> subjectTransforms() {
        return get(SUBJECT_TRANSFORMS);
    }
}
