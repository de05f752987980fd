// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.jetstream;

/** The server refused a request: {@link #errCode()} says which rule, {@link #code()} which class of failure. */
public class JetStreamApiException extends JetStreamException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final int errCode;
    private final String description;

    JetStreamApiException(String what, ApiError error) {
        super(what + ": " + error.description() + " (code " + error.code() + ", err_code " + error.errCode() + ")");
        code = error.code();
        errCode = error.errCode();
        description = error.description();
    }

    /** The class of failure, as in HTTP: 404 for what is not there, 400 for what is wrong, 503 for what is not possible now. */
    public int code() {
        return code;
    }

    /** Which failure, as 10059 for a stream that is not there: errors.json in nats-server lists them; 0 if the server does not say. */
    public int errCode() {
        return errCode;
    }

    /** What the server says for people. */
    public String description() {
        return description;
    }
}
