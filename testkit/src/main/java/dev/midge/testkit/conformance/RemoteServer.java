// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import dev.midge.testkit.conformance.Player.NotOffered;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server that runs somewhere, with whatever configuration. */
final class RemoteServer extends ServerUnderTest implements ServerUnderTest.Running {
    private static final int DEFAULT_PORT = 4222;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final String host;
    private final int port;
    private final Map<String, Object> credentials = new LinkedHashMap<>();
    private @Nullable Map<String, Object> info;

    RemoteServer(URI url) {
        String address = url.getHost();
        if (!"nats".equals(url.getScheme()) || address == null) {
            throw new IllegalArgumentException(
                    "url is " + url + ", but has to be like nats://user:password@host:4222, without TLS");
        }
        host = address;
        port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
        String user = url.getUserInfo();
        if (user != null) {
            int colon = user.indexOf(':');
            if (colon < 0) {
                credentials.put("auth_token", user);
            } else {
                credentials.put("user", user.substring(0, colon));
                credentials.put("pass", user.substring(colon + 1));
            }
        }
    }

    @Override
    public String name() {
        String name = info("server_name");
        return "server at " + host + ":" + port + ", version " + info("version")
                + (name.isEmpty() || name.equals(info("server_id")) ? "" : ", name " + name);
    }

    @Override
    String expectedResults() {
        return info("go").contains("EmbeddedServer") ? ExpectedResults.EMBEDDED : "nats-server-" + info("version");
    }

    @Override
    Running provide(Conversation conversation) throws NotOffered {
        if (!conversation.needs().isEmpty()) {
            throw new NotOffered("needs " + conversation.needs());
        }
        // Without "connects", a conversation has no credentials to show.
        boolean own = conversation.steps().stream().anyMatch(step -> step.action() instanceof Step.Open);
        if (own && !info("auth_required").isEmpty()) {
            throw new NotOffered("needs a server that asks for no credentials");
        }
        return this;
    }

    /** A field of its first INFO, empty when absent. */
    private String info(String field) {
        if (info == null) {
            info = greet();
        }
        Object value = info.get(field);
        return value == null ? "" : value.toString();
    }

    private Map<String, Object> greet() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
            String frame = new Wire(socket).next(System.nanoTime() + TIMEOUT.toNanos());
            if (frame == null || !frame.startsWith("INFO ")) {
                throw new IOException("no INFO came, but " + (frame == null ? "the end" : Text.quote(frame)));
            }
            Map<String, Object> fields = JsonMapper.builder().build().fromJsonObject(frame.substring("INFO ".length()));
            if (Boolean.TRUE.equals(fields.get("tls_required"))) {
                throw new IOException("it wants TLS, which the suite does not speak");
            }
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot test the server at " + host + ":" + port + ": " + e, e);
        }
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String credentials() {
        return JsonMapper.builder().build().toJson(credentials);
    }

    @Override
    public void lameDuck() throws NotOffered {
        throw new NotOffered("needs a server that it may shut down");
    }

    @Override
    public void announce(String server) throws NotOffered {
        throw new NotOffered("needs a server that others may join");
    }

    @Override
    public void forget(String server) throws NotOffered {
        throw new NotOffered("needs a server that others may join");
    }

    @Override
    public SSLContext trusting() throws NotOffered {
        throw new NotOffered("needs a server with a certificate of the suite");
    }

    @Override
    public void reload(Needs needs) throws NotOffered {
        throw new NotOffered("needs a server that it may configure");
    }

    @Override
    public void close() {
        // Nothing of ours.
    }
}
