// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.Secret;
import dev.midge.transport.Endpoint;
import dev.midge.transport.Proxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ADR-21: options from the contexts of the nats CLI. */
class ContextsTest {
    private static final String SEED = "SUAPH72NIUPEFHQYEIK2V3QGULLEW3I2VXE6KAY6JOM36ENOBJ4W5PFBLA";

    @TempDir
    @SuppressWarnings("NullAway.Init") // before each test
    private Path home;

    private final Map<String, @Nullable String> environment = new HashMap<>();

    private Contexts contexts() {
        return new Contexts(environment::get, home);
    }

    private Path write(String name, String json) throws IOException {
        Path folder =
                Files.createDirectories(home.resolve(".config").resolve("nats").resolve("context"));
        return Files.writeString(folder.resolve(name + ".json"), json);
    }

    private Options load(String json) throws IOException {
        write("it", json);
        OptionsBuilder options = Options.builder();
        contexts().apply("it", options);
        return options.build();
    }

    private static Connect connect(Options options) throws Exception {
        Connect.Builder connect = Connect.builder();
        Objects.requireNonNull(options.auth()).apply(Info.parse("{\"nonce\":\"n\"}"), connect);
        return connect.build();
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** As {@code nats context add} writes it: all that it knows. */
    @Test
    void aContextAsTheCliWritesIt() throws Exception {
        Options options = load("""
                {
                  "description": "the one",
                  "url": "nats://a:4222, tls://b:5",
                  "socks_proxy": "",
                  "token": "",
                  "user": "joe",
                  "password": "s3cr3t",
                  "creds": "",
                  "nkey": "",
                  "cert": "~/cert.pem",
                  "key": "${KEYS}/key.pem",
                  "ca": "$KEYS/ca.pem",
                  "nsc": "",
                  "jetstream_domain": "D",
                  "jetstream_api_prefix": "A",
                  "jetstream_event_prefix": "E",
                  "inbox_prefix": "_IN",
                  "user_jwt": "",
                  "user_seed": null,
                  "color_scheme": "blue",
                  "tls_first": true,
                  "windows_cert_store": "",
                  "windows_cert_match_by": "",
                  "windows_cert_match": "",
                  "windows_ca_certs_match": null,
                  "of_tomorrow": { "deep": [1, 2, {"er": null}] }
                }
                """.replace("${KEYS}", "/keys").replace("$KEYS", "/keys"));
        assertThat(options.servers()).extracting(Endpoint::toString).containsExactly("nats://a:4222", "tls://b:5");
        assertThat(connect(options).user()).isEqualTo("joe");
        assertThat(connect(options).pass()).isEqualTo(Secret.of("s3cr3t"));
        assertThat(String.valueOf(options.tls()))
                .contains("/keys/ca.pem", "/keys/key.pem", System.getProperty("user.home") + "/cert.pem", ", first");
        assertThat(options.inboxPrefix()).isEqualTo("_IN");
        assertThat(options.context()).isEqualTo(new NatsContext("it", "the one", "_IN", "D", "A", "E", "blue"));
        assertThat(String.valueOf(options.context())).doesNotContain("s3cr3t");
    }

    @Test
    void anEmptyContextSaysNothing() throws Exception {
        Options options = load("{}");
        assertThat(options.servers()).isEqualTo(Options.builder().build().servers());
        assertThat(options.auth()).isNull();
        assertThat(options.tls()).isNull();
        assertThat(options.context()).isEqualTo(new NatsContext("it", null, null, null, null, null, null));
        assertThat(Options.builder().build().context()).isNull();
    }

    @Test
    void waysToBeSomebody() throws Exception {
        assertThat(connect(load("{\"token\":\"s3cr3t\"}")).authToken()).isEqualTo(Secret.of("s3cr3t"));
        assertThat(connect(load("{\"user\":\"u\"}")).pass()).isEqualTo(Secret.of(""));
        Connect both = connect(load("{\"user\":\"u\",\"password\":\"p\",\"token\":\"t\",\"creds\":\"/none\"}"));
        assertThat(both.user()).as("of several ways the first").isEqualTo("u");
        assertThat(both.authToken()).as("and the token besides").isEqualTo(Secret.of("t"));
        assertThat(connect(load("{\"user_jwt\":\"a.b.c\"}")).sig()).isNull();
        assertThat(connect(load("{\"user_jwt\":\"a.b.c\",\"user_seed\":\"" + SEED + "\"}"))
                        .sig())
                .isNotNull();
        Path seed = Files.writeString(home.resolve("user.nk"), "\n  " + SEED + "  \n");
        environment.put("KEY_FOLDER", home.toString());
        assertThat(connect(load("{\"nkey\":\"$KEY_FOLDER/user.nk\"}")).nkey()).startsWith("U");
        assertThat(connect(load("{\"nkey\":\"file://" + seed + "\"}")).nkey()).startsWith("U");
        Path creds = Files.writeString(
                home.resolve("user.creds"), "---jwt---\na.b.c\n---end---\n---seed---\n" + SEED + "\n---end---\n");
        assertThat(connect(load("{\"creds\":\"${KEY_FOLDER}/" + creds.getFileName() + "\"}"))
                        .jwt())
                .isEqualTo(Secret.of("a.b.c"));
    }

    @Test
    void aProxy() throws Exception {
        assertThat(String.valueOf(load("{\"socks_proxy\":\"127.0.0.1:1080\"}").proxy()))
                .contains("127.0.0.1:1080");
        Proxy proxy =
                load("{\"socks_proxy\":\"socks5://joe:s3cr3t@[::1]:1080\"}").proxy();
        assertThat(proxy).isNotNull();
        assertThat(String.valueOf(proxy)).doesNotContain("s3cr3t");
        assertThat(Objects.requireNonNull(proxy).user()).isEqualTo("joe");
        assertThat(proxy.port()).isEqualTo(1080);
        for (String bad : List.of("http://a:1", "joe:s3cr3t@a", "s3cr3t@a:1", "a")) {
            assertThatThrownBy(() -> load("{\"socks_proxy\":\"" + bad + "\"}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(": field socks_proxy is malformed: ")
                    .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cr3t"));
        }
        assertThat(load("{}").proxy()).isNull();
    }

    @Test
    void xdgConfigHomeIsHonoured() throws Exception {
        environment.put("XDG_CONFIG_HOME", home.resolve("xdg").toString());
        Path folder =
                Files.createDirectories(home.resolve("xdg").resolve("nats").resolve("context"));
        Files.writeString(folder.resolve("there.json"), "{\"url\":\"nats://there\"}");
        Files.writeString(folder.resolveSibling("context.txt"), " there\n");
        OptionsBuilder options = Options.builder();
        contexts().apply(contexts().selected(), options);
        assertThat(options.build().servers()).extracting(Endpoint::host).containsExactly("there");
    }

    @Test
    void nothingIsSelected() throws Exception {
        Path txt = home.resolve(".config").resolve("nats").resolve("context.txt");
        assertThatThrownBy(() -> contexts().selected())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no context is selected: cannot read " + txt + ": there is no such file; "
                        + txt.resolveSibling("context") + " cannot be read: there is no such file");
        write("dev", "{}");
        Files.writeString(txt, " \n");
        assertThatThrownBy(() -> contexts().selected())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no context is selected: " + txt + " is empty; there are dev");
        Files.writeString(txt, "dev\n");
        assertThat(contexts().selected()).isEqualTo("dev");
    }

    @Test
    void anUnknownContextIsAnsweredWithThoseThereAre() throws Exception {
        Path prod = write("prod", "{}");
        write("dev", "{}");
        assertThatThrownBy(() -> contexts().apply("test", Options.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no context \"test\": no file " + prod.resolveSibling("test.json")
                        + "; there are dev, prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "a\\b"})
    void aNameIsNoPath(String name) {
        assertThatThrownBy(() -> contexts().apply(name, Options.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("context is \"" + name + "\": must be a name, without .. and / and \\");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                              | 1, column 1",
                "[1]                             | 1, column 1",
                "null                            | 1, column 1",
                "{\"password\":\"s3cr3t          | 1, column 19",
                "{\"password\":\"s3cr3t\\        | 1, column 20",
                "{\"password\":\"s3cr3t\"        | 1, column 20",
                "{\"password\":s3cr3t}           | 1, column 18",
                "{\"password\":\"s3cr3t\"} {}    | 1, column 23",
                "{!  \"password\":!  \"s3cr3t    | 3, column 9",
                "{!  \"a\":\"b\",!!  s3cr3t}     | 4, column 4",
            })
    void malformedJson(String json, String place) throws Exception {
        Path file = write("it", json.replace('!', '\n'));
        assertThatThrownBy(() -> contexts().apply("it", Options.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("context file " + file + " is malformed at line " + place + ": must be one JSON object")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cr"));
    }

    @Test
    void unreadableFiles() throws Exception {
        Path folder = Files.createDirectories(home.resolve("folder.json"));
        assertThatThrownBy(() -> contexts().apply(folder, Options.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot read context file " + folder + ": ");
        Path missing = home.resolve("missing.json");
        assertThatThrownBy(() -> Options.fromContext(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot read context file " + missing + ": there is no such file");
        Path huge = Files.write(home.resolve("huge.json"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> Options.fromContext(huge))
                .hasMessage("cannot read context file " + huge + ": it is of more than 1048576 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"url\":1}                        | url must be a text",
                "{\"url\":[\"s3cr3t\"]}             | url must be a text",
                "{\"url\":\"http://s3cr3t@a\"}      | url is malformed: server URL \"http://***@a\": the scheme must be",
                "{\"url\":\",\"}                    | url is malformed: servers is empty: at least one is needed",
                "{\"password\":true,\"user\":\"u\"} | password must be a text",
                "{\"token\":{\"s3cr3t\":1}}         | token must be a text",
                "{\"tls_first\":\"s3cr3t\"}         | tls_first must be true or false",
                "{\"cert\":\"a\"}                   | key is missing: there is a cert, and must be its key",
                "{\"key\":\"a\"}                    | cert is missing: there is a key, and must be its certificate",
                "{\"ca\":\"$NOT_SET/ca\"}           | ca names the environment variable NOT_SET, which is not set",
                "{\"ca\":\"a\\u0000b\"}             | ca must be the path of a file",
                "{\"nsc\":\"nsc://o/a/u\"}          | nsc asks nsc for the server and the credentials, which Midge cannot",
                "{\"windows_cert_store\":\"user\"}  | windows_cert_store is for the certificate store of Windows",
                "{\"windows_ca_certs_match\":[]}    | windows_ca_certs_match is for the certificate store of Windows",
                "{\"creds\":\"op://s3cr3t/x\"}      | creds refers to op:, which Midge cannot look up",
                "{\"token\":\"env://s3cr3t\"}       | token refers to env:, which Midge cannot look up",
                "{\"user_jwt\":\"a\",\"user_seed\":\"s3cr3t\"} | user_seed is malformed: the NKEY seed is malformed",
            })
    void fieldsThatCannotBe(String json, String text) throws Exception {
        Path file = write("it", json);
        assertThatThrownBy(() -> contexts().apply("it", Options.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("context file " + file + ": field " + text)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cr3t"));
    }
}
