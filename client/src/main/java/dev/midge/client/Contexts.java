// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import dev.midge.client.auth.Auth;
import dev.midge.transport.Proxy;
import dev.midge.transport.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Options from the contexts of the {@code nats} CLI: {@code ~/.config/nats/context/NAME.json}, the selected one named by
 * {@code ~/.config/nats/context.txt}. Source: ADR-21, and natscontext of jsm.go.
 */
final class Contexts {
    private static final String SUFFIX = ".json";

    /** What is looked for in the certificate store of Windows. */
    private static final List<String> WINDOWS =
            List.of("windows_cert_store", "windows_cert_match_by", "windows_cert_match", "windows_ca_certs_match");

    private final Path folder;
    private final UnaryOperator<@Nullable String> environment;

    Contexts(UnaryOperator<@Nullable String> environment, Path home) {
        String config = environment.apply("XDG_CONFIG_HOME");
        folder = (config == null || config.isEmpty() ? home.resolve(".config") : Path.of(config)).resolve("nats");
        this.environment = environment;
    }

    static Contexts ofUser() {
        return new Contexts(System::getenv, Path.of(System.getProperty("user.home")));
    }

    /** The name of the selected one. */
    String selected() {
        Path file = folder.resolve("context.txt");
        String name;
        try {
            name = Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "no context is selected: cannot read " + file + ": " + ContextFile.reason(e) + "; " + known(), e);
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("no context is selected: " + file + " is empty; " + known());
        }
        return name;
    }

    void apply(String name, OptionsBuilder options) {
        if (name.isEmpty() || name.contains("..") || name.contains("/") || name.contains("\\")) {
            throw new IllegalArgumentException("context is \"" + name + "\": must be a name, without .. and / and \\");
        }
        Path file = folder.resolve("context").resolve(name + SUFFIX);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    "there is no context \"" + name + "\": no file " + file + "; " + known());
        }
        apply(file, options);
    }

    void apply(Path file, OptionsBuilder options) {
        ContextFile context = ContextFile.read(file, environment);
        refuse(context, "nsc", "asks nsc for the server and the credentials, which Midge cannot: use url and creds");
        for (String field : WINDOWS) {
            refuse(
                    context,
                    field,
                    "is for the certificate store of Windows, which Midge cannot read: use cert, key, ca");
        }
        servers(context, options);
        auth(context, options);
        tls(context, options);
        proxy(context, options);
        inboxPrefix(context, options);
        String name = String.valueOf(file.getFileName());
        options.context = new NatsContext(
                name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name,
                context.text("description"),
                context.text("inbox_prefix"),
                context.text("jetstream_domain"),
                context.text("jetstream_api_prefix"),
                context.text("jetstream_event_prefix"),
                context.text("color_scheme"));
    }

    private static void refuse(ContextFile context, String field, String why) {
        if (context.has(field)) {
            throw context.refused(field, why);
        }
    }

    private static void servers(ContextFile context, OptionsBuilder options) {
        String urls = context.text("url");
        if (urls == null) {
            return;
        }
        String[] each = Arrays.stream(urls.split(","))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .toArray(String[]::new);
        try {
            options.servers(each);
        } catch (IllegalArgumentException e) {
            throw context.refused("url", "is malformed: " + e.getMessage());
        }
    }

    /** Of several ways the CLI takes the first, and a token besides. */
    private static void auth(ContextFile context, OptionsBuilder options) {
        char[] token = context.secret("token");
        Auth user = user(context);
        if (user != null && token != null) {
            Auth byToken = Auth.token(token);
            options.auth((info, connect) -> {
                user.apply(info, connect);
                byToken.apply(info, connect);
            });
        } else if (user != null) {
            options.auth(user);
        } else if (token != null) {
            options.auth(Auth.token(token));
        }
    }

    private static @Nullable Auth user(ContextFile context) {
        String user = context.text("user");
        Path creds = context.path("creds");
        Path nkey = context.path("nkey");
        char[] jwt = context.secret("user_jwt");
        char[] seed = context.secret("user_seed");
        if (user != null) {
            char[] password = context.secret("password");
            return Auth.userPassword(user, password == null ? new char[0] : password);
        }
        if (creds != null) {
            return Auth.credentials(creds);
        }
        if (nkey != null) {
            return Auth.nkey(nkey);
        }
        if (jwt == null) {
            return null;
        }
        try {
            return seed == null ? Auth.bearerJwt(jwt::clone) : Auth.jwt(jwt, seed);
        } catch (IllegalArgumentException e) {
            throw context.refused("user_seed", "is malformed: " + e.getMessage());
        }
    }

    private static void tls(ContextFile context, OptionsBuilder options) {
        Path certificate = context.path("cert");
        Path key = context.path("key");
        Path trust = context.path("ca");
        boolean first = context.flag("tls_first");
        if (certificate == null && key != null) {
            throw context.refused("cert", "is missing: there is a key, and must be its certificate");
        }
        if (certificate != null && key == null) {
            throw context.refused("key", "is missing: there is a cert, and must be its key");
        }
        if (certificate == null && trust == null && !first) {
            return;
        }
        Tls.Builder tls = Tls.builder().first(first);
        if (certificate != null && key != null) {
            tls.identity(certificate, key);
        }
        if (trust != null) {
            tls.trust(trust);
        }
        options.tls(tls.build());
    }

    private static void inboxPrefix(ContextFile context, OptionsBuilder options) {
        String prefix = context.text("inbox_prefix");
        if (prefix != null) {
            try {
                options.inboxPrefix(prefix);
            } catch (IllegalArgumentException e) {
                throw context.refused("inbox_prefix", "is malformed: " + e.getMessage());
            }
        }
    }

    /** As the CLI has it, {@code socks5://[user:password@]host:port}; or without the scheme. */
    private static void proxy(ContextFile context, OptionsBuilder options) {
        String url = context.text("socks_proxy");
        if (url == null) {
            return;
        }
        String rest = url.startsWith("socks5://") ? url.substring("socks5://".length()) : url;
        int at = rest.lastIndexOf('@');
        int colon = rest.indexOf(':');
        try {
            Proxy proxy = Proxy.socks5(rest.substring(at + 1));
            if (at >= 0) {
                if (colon > at) {
                    throw new IllegalArgumentException("there must be a user and a password before @");
                }
                proxy = proxy.userPassword(
                        rest.substring(0, colon), rest.substring(colon + 1, at).toCharArray());
            }
            options.proxy(proxy);
        } catch (IllegalArgumentException e) {
            throw context.refused("socks_proxy", "is malformed: " + e.getMessage());
        }
    }

    /** Which contexts there are, for exceptions. */
    private String known() {
        Path contexts = folder.resolve("context");
        try (Stream<Path> files = Files.list(contexts)) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
            return names.isEmpty() ? contexts + " has none" : "there are " + String.join(", ", names);
        } catch (IOException e) {
            return contexts + " cannot be read: " + ContextFile.reason(e);
        }
    }
}
