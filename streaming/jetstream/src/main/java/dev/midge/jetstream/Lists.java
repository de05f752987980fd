// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lists of the API, which are paged by offset. */
final class Lists {
    private Lists() {}

    /**
     * A list.
     *
     * @param body what to ask, apart from the offset
     * @param member the member of the answer that has the elements
     * @param kind what the elements are
     */
    static <T> Listing<T> of(
            Api api,
            String what,
            String subject,
            Map<String, ? extends Object> body,
            String member,
            Kind<List<T>> kind) {
        return paged(api, what, subject, body, answer -> {
            Object elements = answer.get(member);
            return elements == null ? List.of() : read(what, member, kind, elements);
        });
    }

    /** The subjects of a stream, with how many messages each has. */
    static Listing<SubjectCount> subjects(Api api, String stream, String filter) {
        String what = "cannot list subjects of stream " + stream;
        return paged(
                api,
                what,
                "STREAM.INFO." + stream,
                Map.of("subjects_filter", filter),
                answer -> answer.get("state") instanceof Map<?, ?> state
                        ? StreamState.SCHEMA.read(state).subjects().entrySet().stream()
                                .map(entry -> new SubjectCount(entry.getKey(), entry.getValue()))
                                .toList()
                        : List.of());
    }

    private static <T> Listing<T> paged(
            Api api,
            String what,
            String subject,
            Map<String, ? extends Object> body,
            Function<Map<String, @Nullable Object>, List<T>> elements) {
        return new Listing<>(previous -> {
            long offset = previous == null ? 0 : previous.next();
            Map<String, Object> asked = new LinkedHashMap<>(body);
            if (offset > 0) {
                asked.put("offset", offset);
            }
            Map<String, @Nullable Object> answer = api.ask(what, subject, asked);
            List<T> page = elements.apply(answer);
            // What is missing has a place in the page, though it is not among the elements.
            long step = answer.get("limit") instanceof Long limit && limit > page.size() ? limit : page.size();
            long next = offset + step;
            boolean more = step > 0 && answer.get("total") instanceof Long total && next < total;
            Object offline = answer.get("offline");
            Object missing = answer.get("missing");
            return new Listing.Page<>(
                    page,
                    more ? next : -1,
                    0,
                    offline == null ? Map.of() : read(what, "offline", Kind.TEXT.map(), offline),
                    missing == null ? List.of() : read(what, "missing", Kind.TEXT.list(), missing));
        });
    }

    private static <T> T read(String what, String member, Kind<T> kind, Object tree) {
        Object held = kind.reader().apply(tree);
        T value = held == null ? null : kind.value().apply(held);
        if (value == null) {
            throw new JetStreamException(what + ": the answer's " + member + " must be " + kind.expected());
        }
        return value;
    }
}
