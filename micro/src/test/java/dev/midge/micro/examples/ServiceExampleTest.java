// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Message;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Subscription;
import dev.midge.micro.Request;
import dev.midge.micro.Service;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.EmbeddedServerTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The programs of docs/services.md do what they say. */
@EmbeddedServerTest
class ServiceExampleTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> log = new ArrayList<>();
    private final ServiceExample example = new ServiceExample() {
        @Override
        CompletableFuture<String> compute(String text) {
            return CompletableFuture.supplyAsync(() -> "computed " + text);
        }

        @Override
        void log(String line) {
            log.add(line);
        }

        @Override
        void log(Request request, @Nullable Throwable failure) {
            assertThat(failure).isNull();
        }
    };

    private static Message ask(Connection nc, Message.Builder request) {
        try (Subscription inbox = nc.subscribe("inbox")) {
            nc.publish(request.replyTo("inbox").build());
            return inbox.next(LONG);
        }
    }

    @Test
    void first(EmbeddedServer server) {
        try (Connection nc = Nats.connect(
                Options.builder().servers(server.url()).connectTimeout(LONG).build())) {
            // all that came in time: DiscoveryTest shows that all come
            assertThat(ServiceExample.first(nc))
                    .allMatch(info -> info.description().equals("Demo"));
            example.discover(nc);
            assertThat(log).isSubsetOf("echo: 0", "sum: 0");
            assertThat(ask(nc, Message.to("echo").data("hello")).text()).isEqualTo("hello");
            assertThat(ask(nc, Message.to("math.sum").data("1 2 3")).text()).isEqualTo("6");
            assertThat(ask(nc, Message.to("math.sum").data("one")).headers().get("Nats-Service-Error"))
                    .isEqualTo("not numbers");
        }
    }

    @Test
    void slowAndGuarded(EmbeddedServer server) {
        try (Connection nc = Nats.connect(
                Options.builder().servers(server.url()).connectTimeout(LONG).build())) {
            Service svc = example.startGuarded(nc);
            example.addSlow(svc);
            assertThat(ask(nc, Message.to("slow").header("Token", "1").data("x"))
                            .text())
                    .isEqualTo("computed x");
            assertThat(ask(nc, Message.to("slow").data("x")).headers().get("Nats-Service-Error-Code"))
                    .isEqualTo("401");
        }
    }

    @Test
    void theProgramsInTheDocumentationAreThese() throws Exception {
        String source = Files.readString(
                Path.of("src/test/java", ServiceExample.class.getName().replace('.', '/') + ".java"));
        assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("..", "docs", "services.md")))
                        .results()
                        .map((MatchResult block) -> block.group(1)))
                .hasSize(4)
                .allSatisfy(program -> assertThat(source).containsIgnoringWhitespaces(program));
    }
}
