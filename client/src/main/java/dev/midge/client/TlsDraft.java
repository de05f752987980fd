// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.transport.Tls;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the keys {@code tls} and {@code tls.*} say; of some methods of {@link Tls.Builder} there are several keys. */
final class TlsDraft {
    private final UnaryOperator<String> spelling;
    private final Tls.Builder builder = Tls.builder();
    private final Map<String, Object> files = new TreeMap<>();
    private @Nullable Boolean wanted;
    private boolean used;

    TlsDraft(UnaryOperator<String> spelling) {
        this.spelling = spelling;
    }

    /** Said by the key {@code tls}. */
    void wanted(boolean on) {
        wanted = on;
    }

    /** Said by a key with a method of its own. */
    void with(Consumer<Tls.Builder> change) {
        used = true;
        change.accept(builder);
    }

    /** Said by the key {@code tls.} and this name: a file, or the password of one. */
    void file(String name, Object value) {
        used = true;
        files.put("tls." + name, value);
    }

    /** @throws IllegalArgumentException if it is not wanted, but there are keys that say how it is to be */
    boolean isWanted() {
        if (Boolean.FALSE.equals(wanted) && used) {
            throw new IllegalArgumentException(
                    spelling.apply("tls") + " is false, but there are keys below it: must be true, or without them");
        }
        return used || Boolean.TRUE.equals(wanted);
    }

    /** @throws IllegalArgumentException if keys do not go together */
    Tls build() {
        exclusive("tls.trust", "tls.trust-store");
        exclusive("tls.identity.certificates", "tls.key-store");
        Path trust = path("tls.trust");
        if (trust != null) {
            builder.trust(trust);
        }
        store("tls.trust-store", builder::trustStore);
        store("tls.key-store", builder::keyStore);
        identity();
        return builder.build();
    }

    private void identity() {
        needs("tls.identity.key", "tls.identity.certificates");
        needs("tls.identity.certificates", "tls.identity.key");
        needs("tls.identity.passphrase", "tls.identity.key");
        Path certificates = path("tls.identity.certificates");
        Path key = path("tls.identity.key");
        char[] passphrase = (char[]) files.get("tls.identity.passphrase");
        if (certificates != null && key != null) {
            if (passphrase == null) {
                builder.identity(certificates, key);
            } else {
                builder.identity(certificates, key, passphrase);
            }
        }
    }

    private interface Store {
        void use(Path file, char[] password);
    }

    private void store(String name, Store store) {
        needs(name + ".password", name);
        needs(name, name + ".password");
        Path file = path(name);
        char[] password = (char[]) files.get(name + ".password");
        if (file != null && password != null) {
            store.use(file, password);
        }
    }

    private @Nullable Path path(String name) {
        return (Path) files.get(name);
    }

    private void needs(String name, String other) {
        if (files.containsKey(name) && !files.containsKey(other)) {
            throw new IllegalArgumentException(
                    spelling.apply(name) + " is set, but " + spelling.apply(other) + " is missing");
        }
    }

    private void exclusive(String name, String other) {
        if (files.containsKey(name) && files.containsKey(other)) {
            throw new IllegalArgumentException(
                    spelling.apply(name) + " and " + spelling.apply(other) + " are both set: must be one of them");
        }
    }
}
