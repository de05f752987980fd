// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.stan.StanConnection;
import dev.midge.stan.StanSubscribeOptions;
import dev.midge.testkit.base.NatsStreamingServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The programs of docs/stan.md do what they say. */
class StanExampleIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final StanExample example = new StanExample() {
        @Override
        void log(String line) {
            log.add(line);
        }
    };

    private String logged(String start) throws InterruptedException {
        while (true) {
            String line = log.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(line).as(start).isNotNull();
            if (line.startsWith(start)) {
                return line;
            }
        }
    }

    private static Options options(String url) {
        return Options.builder()
                .servers(url)
                .connectTimeout(LONG)
                .writeTimeout(LONG)
                .closeTimeout(LONG)
                .build();
    }

    @Test
    void first() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start();
                Connection nc = Nats.connect(options(server.url()))) {
            example.first(nc);
            assertThat(logged("1: ")).isEqualTo("1: hello");
            assertThat(logged("2: ")).isEqualTo("2: hello again");
        }
    }

    @Test
    void others() throws Exception {
        try (NatsStreamingServer server = NatsStreamingServer.start();
                Connection nc = Nats.connect(options(server.url()));
                StanConnection sc = example.watchful(nc)) {
            StanSubscribeOptions durable =
                    StanSubscribeOptions.builder().durable("d").build();
            example.leave(sc.subscribe("a", durable, m -> {}), sc.subscribe("b", durable, m -> {}));
            assertThat(sc.isActive()).isTrue();
        }
    }

    @Test
    void theProgramsInTheDocumentationAreThese() throws Exception {
        String source = Files.readString(
                Path.of("src/test/java", StanExample.class.getName().replace('.', '/') + ".java"));
        assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("..", "..", "docs", "stan.md")))
                        .results()
                        .map((MatchResult block) -> block.group(1)))
                .hasSize(3)
                .allSatisfy(program -> assertThat(source).containsIgnoringWhitespaces(program));
    }
}
