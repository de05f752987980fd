// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import dev.midge.protocol.Secret;
import dev.midge.protocol.SubjectValidation;
import dev.midge.transport.EventLoops;
import dev.midge.transport.Proxy;
import dev.midge.transport.TransportKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options said by properties and environment variables. */
class OptionsPropertiesTest {
    private static final String SEED = "SUAPH72NIUPEFHQYEIK2V3QGULLEW3I2VXE6KAY6JOM36ENOBJ4W5PFBLA";
    private static final String HOME = System.getProperty("user.home");

    /** What a key does: text, and what the options then say. */
    private record Said(String text, Function<Options, @Nullable Object> option, Object value) {}

    private static Said said(String text, Function<Options, @Nullable Object> option, Object value) {
        return new Said(text, option, value);
    }

    /** Each key by itself, but for those that need others. */
    private static final Map<String, Said> SINGLE = new TreeMap<>(Map.ofEntries(
            entry("servers", said("nats://a:1, tls://b:2", Options::servers, List.of())),
            entry("randomize-servers", said("false", Options::randomizeServers, false)),
            entry("ignore-discovered-servers", said("true", Options::ignoreDiscoveredServers, true)),
            entry(
                    "web-socket.headers",
                    said(
                            "A: b: c\nX-Token:s3cr3t",
                            options -> options.webSocket().toString().contains("[A, X-Token]"),
                            true)),
            entry(
                    "web-socket.compression",
                    said("true", options -> options.webSocket().compression(), true)),
            entry(
                    "web-socket.max-frame-size",
                    said("1MiB", options -> options.webSocket().maxFrameSize(), 1 << 20)),
            entry("proxy.http", said("p:3128", OptionsPropertiesTest::proxy, "http://p:3128 null")),
            entry("proxy.socks5", said("p:1080", OptionsPropertiesTest::proxy, "socks5://p:1080 null")),
            entry(
                    "reconnect.max-attempts",
                    said("5", options -> options.reconnect().maxAttempts(), 5)),
            entry("reconnect.wait", said("1s", options -> options.reconnect().initialWait(), Duration.ofSeconds(1))),
            entry(
                    "reconnect.max-wait",
                    said("1m", options -> options.reconnect().maxWait(), Duration.ofMinutes(1))),
            entry(
                    "reconnect.multiplier",
                    said("1.5", options -> options.reconnect().multiplier(), 1.5)),
            entry("reconnect.jitter", said("1", options -> options.reconnect().jitter(), 1.0)),
            entry(
                    "reconnect.while-disconnected",
                    said("fail", options -> options.reconnect().whileDisconnected(), WhileDisconnected.FAIL)),
            entry(
                    "reconnect.buffer-size",
                    said("1MiB", options -> options.reconnect().bufferSize(), 1L << 20)),
            entry(
                    "reconnect.on-first-connect",
                    said("true", options -> options.reconnect().onFirstConnect(), true)),
            entry("name", said(" billing ", Options::name, "billing")),
            entry("auth.token", said("s3cr3t", options -> connect(options).authToken(), Secret.of("s3cr3t"))),
            entry("auth.nkey", said(SEED, options -> connect(options).nkey() != null, true)),
            entry("auth.jwt", said("a.b.c", options -> connect(options).jwt(), Secret.of("a.b.c"))),
            entry("auth.nkey-file", said("~/x", OptionsPropertiesTest::auth, "Auth[NKEY file " + HOME + "/x]")),
            entry("auth.credentials", said("/x", OptionsPropertiesTest::auth, "Auth[credentials file /x]")),
            entry(
                    "tls",
                    said(
                            "true",
                            OptionsPropertiesTest::tls,
                            "Tls[authorities of the JVM, no certificate, [TLSv1.3, TLSv1.2]]")),
            entry("tls.first", said("TRUE", options -> tls(options).contains(", first"), true)),
            entry("connection-racing", said("250ms", Options::connectionRacing, Duration.ofMillis(250))),
            entry("connect-timeout", said("1m30s", Options::connectTimeout, Duration.ofSeconds(90))),
            entry("ping-interval", said("20s", Options::pingInterval, Duration.ofSeconds(20))),
            entry("max-pings-out", said("3", Options::maxPingsOut, 3)),
            entry("write-timeout", said("PT0.5S", Options::writeTimeout, Duration.ofMillis(500))),
            entry("close-timeout", said("0", Options::closeTimeout, Duration.ZERO)),
            entry("request-timeout", said("3s", Options::requestTimeout, Duration.ofSeconds(3))),
            entry("fail-requests-on-disconnect", said("false", Options::failRequestsOnDisconnect, false)),
            entry("inbox-prefix", said("mine", Options::inboxPrefix, "mine")),
            entry("old-request-style", said("true", Options::oldRequestStyle, true)),
            entry("outbound-limit", said("1GiB", Options::outboundLimit, 1L << 30)),
            entry("pending-limits.messages", said("7", Options::maxPendingMessages, 7L)),
            entry("pending-limits.bytes", said("7 kB", Options::maxPendingBytes, 7000L)),
            entry("overflow", said("drop-oldest", Options::overflow, Overflow.DROP_OLDEST)),
            entry("event-limit", said("5", Options::eventLimit, 5)),
            entry("echo", said("false", Options::echo, false)),
            entry("verbose", said("true", Options::verbose, true)),
            entry("pedantic", said("true", Options::pedantic, true)),
            entry("subject-validation", said("Strict", Options::subjectValidation, SubjectValidation.STRICT)),
            entry("max-control-line", said("8KiB", Options::maxControlLine, 8192)),
            entry(
                    "limits.max-control-line",
                    said("100", options -> options.limits().maxControlLine(), 100)),
            entry(
                    "limits.max-info-line",
                    said("2KiB", options -> options.limits().maxInfoLine(), 2048)),
            entry("limits.max-payload", said("1MB", options -> options.limits().maxPayload(), 1_000_000)),
            entry(
                    "limits.max-header-bytes",
                    said("12b", options -> options.limits().maxHeaderBytes(), 12)),
            entry(
                    "limits.max-header-count",
                    said("3", options -> options.limits().maxHeaderCount(), 3)),
            entry("event-loops", said("nio", Options::eventLoops, EventLoops.shared(TransportKind.NIO)))));

    /** What is tested by a method of its own: keys that go together, or with a file. */
    private static final List<String> TOGETHER = List.of(
            "context",
            "auth.user",
            "auth.password",
            "proxy.user",
            "proxy.password",
            "auth.credentials-text",
            "tls.trust",
            "tls.trust-store",
            "tls.trust-store.password",
            "tls.identity.certificates",
            "tls.identity.key",
            "tls.identity.passphrase",
            "tls.key-store",
            "tls.key-store.password",
            "tls.verify-host-name",
            "tls.protocols");

    /** What the Auth of the options makes of CONNECT; an empty one if there is none. */
    private static Connect connect(Options options) {
        try {
            Connect.Builder connect = Connect.builder();
            Auth auth = options.auth();
            if (auth != null) {
                auth.apply(Info.parse("{\"nonce\":\"n\"}"), connect);
            }
            return connect.build();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String auth(Options options) {
        return String.valueOf(options.auth());
    }

    private static String proxy(Options options) {
        Proxy proxy = options.proxy();
        return proxy == null ? "none" : proxy + " " + proxy.user();
    }

    @Test
    void whoToBeAtTheProxy() {
        assertThat(proxy(of("proxy.http", "p:1", "proxy.user", "joe", "proxy.password", "s3cr3t")))
                .isEqualTo("http://p:1 joe");
        assertThatThrownBy(() -> of("proxy.http", "p:1", "proxy.password", "s3cr3t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("midge.proxy.user and midge.proxy.password: must be both or none");
        assertThatThrownBy(() -> of("proxy.socks5", "p:1", "proxy.http", "p:1"))
                .hasMessageContaining("midge.proxy.http and midge.proxy.socks5: must be one of them");
        assertThatThrownBy(() -> of("proxy.user", "joe", "proxy.password", "s3cr3t"))
                .hasMessageContaining("must be one of them");
        assertThatThrownBy(() -> of("proxy.socks5", "p:1", "proxy.user", "joe", "proxy.password", "s3cr3t\u00e4"))
                .hasMessageContaining("ASCII")
                .hasMessageNotContaining("s3cr3t");
    }

    private static String tls(Options options) {
        return String.valueOf(options.tls());
    }

    private static Options of(String... keysAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put("midge." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return Options.fromProperties(properties);
    }

    private static Options ofEnvironment(Map<String, String> environment) {
        OptionsBuilder builder = Options.builder();
        OptionsProperties.readEnvironment(environment, builder);
        return builder.build();
    }

    @Test
    void noKeyIsLeftOutHere() {
        assertThat(Stream.concat(SINGLE.keySet().stream(), TOGETHER.stream()))
                .containsExactlyInAnyOrderElementsOf(
                        OptionKeys.ALL.stream().map(OptionKey::name).toList());
    }

    @TestFactory
    Stream<DynamicTest> eachKeySaysItsOption() {
        return SINGLE.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    Said said = each.getValue();
                    Object value = each.getKey().equals("servers")
                            ? Options.builder()
                                    .servers("nats://a:1", "tls://b:2")
                                    .build()
                                    .servers()
                            : said.value;
                    assertThat(said.option.apply(Options.builder().build()))
                            .as("the default is another")
                            .isNotEqualTo(value);
                    assertThat(said.option.apply(of(each.getKey(), said.text))).isEqualTo(value);
                    String variable =
                            "MIDGE_" + each.getKey().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
                    assertThat(said.option.apply(ofEnvironment(Map.of(variable, said.text))))
                            .isEqualTo(value);
                }));
    }

    @Test
    void nothingSaidIsTheDefault() {
        assertThat(Options.fromProperties(Map.of("other", "1", "midges.name", "x"))
                        .name())
                .isNull();
    }

    @Test
    void whatTheBuilderHasStays() {
        Options options = Options.builder()
                .name("before")
                .pendingLimits(5, 6)
                .properties(
                        Map.of("midge.pending-limits.bytes", "7", "midge.auth.user", "u", "midge.auth.password", "p"))
                .name("after")
                .build();
        assertThat(options.name()).isEqualTo("after");
        assertThat(options.maxPendingMessages()).isEqualTo(5);
        assertThat(options.maxPendingBytes()).isEqualTo(7);
        assertThat(connect(options).user()).isEqualTo("u");
        assertThat(connect(options).pass()).isEqualTo(Secret.of("p"));
    }

    @Test
    void propertiesHaveTheirDefaultsWithThem() {
        Properties defaults = new Properties();
        defaults.setProperty("midge.name", "default");
        defaults.setProperty("midge.echo", "false");
        Properties properties = new Properties(defaults);
        properties.setProperty("midge.name", "own");
        Options options = Options.fromProperties(properties);
        assertThat(options.name()).isEqualTo("own");
        assertThat(options.echo()).isFalse();
        properties.put("midge.verbose", true);
        assertThatThrownBy(() -> Options.fromProperties(properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("property midge.verbose is no text: must be a String");
    }

    @Test
    void jwtAndSeedSignTogether() {
        Connect connect = connect(of("auth.jwt", "a.b.c", "auth.nkey", SEED));
        assertThat(connect.jwt()).isEqualTo(Secret.of("a.b.c"));
        assertThat(connect.sig()).isNotNull();
        String credentials = "---jwt---\nd.e.f\n---end---\n---seed---\n" + SEED + "\n---end---\n";
        assertThat(connect(of("auth.credentials-text", credentials)).jwt()).isEqualTo(Secret.of("d.e.f"));
    }

    @Test
    void tlsFilesAndSwitches() {
        assertThat(tls(of(
                        "tls.trust", "/ca.pem",
                        "tls.identity.certificates", "/cert.pem",
                        "tls.identity.key", "/key.pem",
                        "tls.identity.passphrase", "s3cr3t",
                        "tls.verify-host-name", "false",
                        "tls.protocols", "TLSv1.3")))
                .contains("/ca.pem", "/cert.pem", "/key.pem", "host name not verified", "[TLSv1.3]")
                .doesNotContain("s3cr3t", "first");
        assertThat(tls(of(
                        "tls.trust-store", "/trust.p12",
                        "tls.trust-store.password", "s3cr3t",
                        "tls.key-store", "/key.p12",
                        "tls.key-store.password", "s3cr3t")))
                .contains("/trust.p12", "/key.p12")
                .doesNotContain("s3cr3t");
        assertThat(of("tls", "false").tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connect-timeout | 2 parsecs | midge.connect-timeout is \"2 parsecs\": must be: duration, such as 250ms, 2s, 1m30s or PT2S",
                "connect-timeout | 2         | midge.connect-timeout is \"2\": must be: duration",
                "connect-timeout | PT2       | midge.connect-timeout is \"PT2\": must be: duration",
                "connect-timeout | 1s junk   | midge.connect-timeout is \"1s junk\": must be: duration",
                "connect-timeout | 999999999999d | midge.connect-timeout is \"999999999999d\": must be: duration",
                "connect-timeout | 0s        | midge.connect-timeout is \"0s\": connectTimeout is PT0S: must be above 0",
                "write-timeout   | PT-2S     | midge.write-timeout is \"PT-2S\": writeTimeout is PT-2S: must not be negative",
                "outbound-limit  | much      | midge.outbound-limit is \"much\": must be: size in bytes, such as 4096, 64KiB, 8MiB or 1GB",
                "outbound-limit  | 8 m       | midge.outbound-limit is \"8 m\": must be: size",
                "outbound-limit  | -1        | midge.outbound-limit is \"-1\": must be: size",
                "outbound-limit  | 99999999999GiB | midge.outbound-limit is \"99999999999GiB\": must be: size",
                "outbound-limit  | 0         | midge.outbound-limit is \"0\": outboundLimit is 0: must be above 0",
                "max-control-line | 4GiB     | midge.max-control-line is \"4GiB\": must be: size",
                "max-control-line | 1        | midge.max-control-line is \"1\": maxControlLine is 1: must be 64 to 1048576",
                "event-limit     | 0         | midge.event-limit is \"0\": eventLimit is 0: must be 1 to 1000000",
                "limits.max-header-count | x | midge.limits.max-header-count is \"x\": must be: whole number",
                "pending-limits.messages | 1.5 | midge.pending-limits.messages is \"1.5\": must be: whole number",
                "reconnect.max-attempts | -2 | midge.reconnect.max-attempts is \"-2\": maxAttempts is -2: must be -1",
                "reconnect.jitter | NaN      | midge.reconnect.jitter is \"NaN\": must be: number, such as 0.2",
                "reconnect.while-disconnected | wait | midge.reconnect.while-disconnected is \"wait\": must be: one of buffer, fail, ",
                "echo            | yes       | midge.echo is \"yes\": must be: true or false",
                "overflow        | burst     | midge.overflow is \"burst\": must be: one of drop-newest, drop-oldest, pause-reading",
                "name            | ''        | midge.name is \"\": must be: text",
                "servers         | a,,b      | midge.servers is not allowed: must be: URLs",
                "servers         | http://u:s3cr3t@a | midge.servers is not allowed: server URL \"http://***@a\": the scheme must be",
                "auth.token      | ''        | midge.auth.token is not allowed: must be: text",
                "auth.nkey       | s3cr3t    | midge.auth.nkey: the NKEY seed is malformed",
                "auth.credentials-text | s3cr3t | midge.auth.credentials-text: credentials: there is no JWT in it",
            })
    void badValuesAreRefusedByName(String key, String value, String text) {
        assertThatThrownBy(() -> of(key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cr3t"));
        if (value.isEmpty()) {
            return; // which is no value there
        }
        String variable = "MIDGE_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        assertThatThrownBy(() -> ofEnvironment(Map.of(variable, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(variable);
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth.user=u",
                "auth.password=p",
                "auth.user=u,auth.password=p,auth.token=t",
                "auth.jwt=j,auth.token=t"
            })
    void waysToBeSomebodyDoNotMix(String keys) {
        String[] each = keys.split("[,=]");
        assertThatThrownBy(() -> of(each))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("of [midge.auth.")
                .hasMessageContaining("one is missing or one is too many: must be one of [[midge.auth.user, ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls=false,tls.trust=a                    | midge.tls is false, but there are keys below it",
                "tls.trust=a,tls.trust-store=b            | midge.tls.trust and midge.tls.trust-store are both set",
                "tls.identity.key=a                       | midge.tls.identity.key is set, but midge.tls.identity.certificates is missing",
                "tls.identity.certificates=a              | midge.tls.identity.certificates is set, but midge.tls.identity.key is missing",
                "tls.key-store=a                          | midge.tls.key-store is set, but midge.tls.key-store.password is missing",
                "tls.trust-store.password=a               | midge.tls.trust-store.password is set, but midge.tls.trust-store is missing",
            })
    void keysOfTlsThatDoNotGoTogether(String keys, String text) {
        assertThatThrownBy(() -> of(keys.split("[,=]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text);
    }

    @ParameterizedTest
    @CsvSource({
        "midge.conect-timeout, midge.connect-timeout",
        "midge.tls.verifyHostName, midge.tls.verify-host-name",
        "midge.token, midge.auth.token",
        "midge.SERVERS, midge.servers",
    })
    void anUnknownPropertyIsRefusedWithTheNearest(String key, String nearest) {
        assertThatThrownBy(() -> Options.fromProperties(Map.of(key, "s3cr3t")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no property " + key + ": the nearest are ")
                .hasMessageContaining(nearest)
                .hasMessageNotContaining("s3cr3t");
    }

    /** The servers that the tests look for, and a service of the same name in Kubernetes, are somebody else's. */
    @Test
    void ofVariablesOnlyMistypedOnesAreRefused() {
        Options options = ofEnvironment(Map.of(
                "MIDGE_NATS_SERVER", "/bin/nats-server",
                "MIDGE_SERVICE_HOST", "10.0.0.1",
                "MIDGE_PORT_4222_TCP", "x",
                "MIDGE_HOME", "/opt/midge",
                "MIDGE_NAME", "n",
                "MIDGE_AUTH_TOKEN", ""));
        assertThat(options.name()).isEqualTo("n");
        assertThat(options.auth()).isNull();
        assertThatThrownBy(() -> ofEnvironment(Map.of("MIDGE_CONECT_TIMEOUT", "s3cr3t")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "there is no variable MIDGE_CONECT_TIMEOUT: the nearest are MIDGE_CONNECT_TIMEOUT, ")
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource({
        "1ns, PT0.000000001S",
        "1us, PT0.000001S",
        "250ms, PT0.25S",
        "2s, PT2S",
        "1.5h, PT1H30M",
        "1d, PT24H",
        "1h2m3s, PT1H2M3S",
        "0, PT0S",
        "p1d, PT24H",
    })
    void durations(String text, Duration duration) {
        assertThat(ValueType.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "2kb, 2000",
        "2KiB, 2048",
        "3 MB, 3000000",
        "3MiB, 3145728",
        "1GB, 1000000000"
    })
    void sizes(String text, long bytes) {
        assertThat(ValueType.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "kitten, sitting, 3", "abc, abc, 0", "echo, name, 4"})
    void distances(String one, String other, int distance) {
        assertThat(OptionsProperties.distance(one, other)).isEqualTo(distance);
        assertThat(OptionsProperties.distance(other, one)).isEqualTo(distance);
    }
}
