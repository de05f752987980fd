// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.auth.Auth;
import dev.midge.protocol.ProtocolLimits;
import dev.midge.transport.Proxy;
import dev.midge.transport.Tls;
import dev.midge.transport.WebSocket;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every option can be said in text, or there is a reason why not; and the documentation has what the code has. */
class OptionKeysTest {
    private static final Path DOCUMENTATION = Path.of("..", "docs", "options.md");

    /** Methods of builders that no key stands for, and why. */
    private static final Map<String, String> ONLY_IN_CODE = Map.ofEntries(
            Map.entry("properties", "is what reads the keys"),
            Map.entry("environment", "is what reads the keys"),
            Map.entry("executor", "takes an object"),
            Map.entry("resolver", "takes an object"),
            Map.entry("listener", "takes an object"),
            Map.entry("server-chooser", "takes an object"),
            Map.entry("reconnect.delay", "takes an object"),
            Map.entry("web-socket.header", "web-socket.headers has all of them"),
            Map.entry("tls.ssl-context", "takes an object"),
            Map.entry("tls.netty-context", "takes an object"),
            Map.entry("auth.apply", "is what an Auth does"));

    /** Methods whose keys are called otherwise, as one method takes several kinds of values. */
    private static final Map<String, List<String>> CALLED_OTHERWISE = Map.of(
            "auth.user-password", List.of("auth.user", "auth.password"),
            "proxy.user-password", List.of("proxy.user", "proxy.password"),
            "auth.nkey", List.of("auth.nkey", "auth.nkey-file"),
            "auth.jwt", List.of("auth.jwt", "auth.nkey"),
            "auth.bearer-jwt", List.of("auth.jwt"),
            "auth.credentials", List.of("auth.credentials", "auth.credentials-text"));

    private static final List<String> NAMES =
            OptionKeys.ALL.stream().map(OptionKey::name).toList();

    /** All that says an option, by the name that its key would have. */
    private static Map<String, Method> methods() {
        Map<String, Method> methods = new TreeMap<>();
        collect(methods, "", OptionsBuilder.class, method -> method.getReturnType() == OptionsBuilder.class);
        collect(methods, "tls.", Tls.Builder.class, method -> method.getReturnType() == Tls.Builder.class);
        collect(
                methods,
                "web-socket.",
                WebSocket.Builder.class,
                method -> method.getReturnType() == WebSocket.Builder.class);
        collect(
                methods,
                "reconnect.",
                Reconnect.Builder.class,
                method -> method.getReturnType() == Reconnect.Builder.class);
        collect(methods, "proxy.", Proxy.class, method -> method.getReturnType() == Proxy.class);
        collect(methods, "auth.", Auth.class, method -> true);
        collect(
                methods,
                "limits.",
                ProtocolLimits.class,
                method -> method.getName().startsWith("with"));
        return methods;
    }

    private static void collect(Map<String, Method> methods, String group, Class<?> type, Predicate<Method> says) {
        Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(says)
                .forEach(method -> methods.put(group + kebab(method.getName()), method));
    }

    private static String kebab(String camel) {
        String bare = camel.startsWith("with") ? camel.substring("with".length()) : camel;
        String first = bare.substring(0, 1).toLowerCase(Locale.ROOT);
        return first + bare.substring(1).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static boolean hasKey(String name) {
        return NAMES.stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "."));
    }

    @Test
    void everyOptionHasAKeyOrAReason() {
        Map<String, Method> methods = methods();
        assertThat(methods.keySet())
                .contains("servers", "connect-timeout", "tls.verify-host-name", "auth.token", "limits.max-payload")
                .allMatch(name -> hasKey(name) || ONLY_IN_CODE.containsKey(name) || CALLED_OTHERWISE.containsKey(name));
        assertThat(ONLY_IN_CODE.keySet()).isSubsetOf(methods.keySet()).noneMatch(OptionKeysTest::hasKey);
        assertThat(CALLED_OTHERWISE.keySet()).isSubsetOf(methods.keySet());
        assertThat(CALLED_OTHERWISE.values().stream().flatMap(List::stream)).isSubsetOf(NAMES);
    }

    /** So that nobody looks for the method of a key in vain. */
    @Test
    void everyKeyIsOfAMethod() {
        Map<String, Method> methods = methods();
        assertThat(NAMES)
                .allMatch(key ->
                        methods.keySet().stream().anyMatch(name -> key.equals(name) || key.startsWith(name + "."))
                                || CALLED_OTHERWISE.values().stream().anyMatch(keys -> keys.contains(key)));
    }

    @Test
    void namesAreUniqueAlsoAsVariables() {
        assertThat(NAMES).doesNotHaveDuplicates();
        assertThat(OptionKeys.ALL.stream().map(OptionKey::variable)).doesNotHaveDuplicates();
    }

    @Test
    void theDocumentationHasTheSameTable() throws Exception {
        List<String> table = Files.readAllLines(DOCUMENTATION).stream()
                .filter(line -> line.startsWith("| `midge."))
                .toList();
        assertThat(table)
                .containsExactlyElementsOf(OptionKeys.ALL.stream()
                        .map(key -> "| `midge." + key.name() + "` | `MIDGE_" + key.variable() + "` | "
                                + key.type().shape() + " |")
                        .toList());
    }
}
