// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Finds the words that say what is wrong among the exceptions that TLS wraps into each other. */
final class TlsFailures {
    private TlsFailures() {}

    static boolean isOne(Throwable failure) {
        return find(failure, SSLException.class) != null;
    }

    static String describe(Throwable failure) {
        if (failure instanceof ClosedChannelException) {
            return "the server closed the connection in the handshake";
        }
        if (find(failure, SSLHandshakeException.class) != null) { // else it may be a certificate of our own
            CertPathValidatorException path = find(failure, CertPathValidatorException.class);
            if (path != null) {
                return notBelieved(path);
            }
            CertificateException certificate = find(failure, CertificateException.class);
            if (certificate != null) {
                return notBelieved(certificate);
            }
        }
        SSLException tls = find(failure, SSLException.class);
        Throwable shown = tls == null ? failure : tls;
        return shown.getMessage() == null ? shown.toString() : shown.getMessage();
    }

    private static String notBelieved(Throwable failure) {
        Throwable cause = failure.getCause();
        String more = cause == null || String.valueOf(failure.getMessage()).contains(String.valueOf(cause.getMessage()))
                ? ""
                : ": " + cause.getMessage();
        return "the server's certificate is not believed: " + failure.getMessage() + more;
    }

    /** The innermost one of a type. */
    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        T found = null;
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 16; t = t.getCause(), depth++) {
            if (type.isInstance(t)) {
                found = type.cast(t);
            }
        }
        return found;
    }
}
