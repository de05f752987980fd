// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of a request that it refuses: {@code struct ApiError} in nats-server's jetstream_errors.go.
 */
public final class ApiError extends ApiObject {
    static final Schema<ApiError> SCHEMA = new Schema<>(ApiError.class, "api error", ApiError::new);

    private static final Field<Integer> CODE = SCHEMA.number("code", 0);
    private static final Field<Integer> ERR_CODE = SCHEMA.number("err_code", 0);
    private static final Field<String> DESCRIPTION = SCHEMA.text("description", "");

    private ApiError(Map<String, @Nullable Object> held) {
        super(SCHEMA, held);
    }

    /** The class of failure, as in HTTP. */
    public int code() {
        return get(CODE);
    }

    /** Which failure: errors.json in nats-server lists them. */
    public int errCode() {
        return get(ERR_CODE);
    }

    /** What it says for people. */
    public String description() {
        return get(DESCRIPTION);
    }
}
