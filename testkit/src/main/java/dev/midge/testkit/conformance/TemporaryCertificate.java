// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.server.SelfSignedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The certificate of servers under test, made when the first conversation needs it. Of one thread. */
final class TemporaryCertificate implements AutoCloseable {
    private @Nullable Path directory;
    private @Nullable SelfSignedCertificate made;

    SelfSignedCertificate get() {
        if (made == null) {
            try {
                directory = Files.createTempDirectory("midge-conformance-");
                made = SelfSignedCertificate.in(directory, "server");
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot make a certificate", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Cannot make a certificate", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while a certificate was made", e);
            }
        }
        return made;
    }

    SSLContext trusting() {
        try {
            return get().trustedBy();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("Cannot use the certificate", e);
        }
    }

    /** Deletes its files. */
    @Override
    public void close() {
        if (directory != null) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot delete " + directory, e);
            }
        }
    }
}
