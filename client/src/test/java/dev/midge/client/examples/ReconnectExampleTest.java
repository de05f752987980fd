// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.ConnectionEvent;
import dev.midge.client.Nats;
import dev.midge.client.Options;
import dev.midge.client.Reconnect;
import dev.midge.client.Subscription;
import dev.midge.client.WhileDisconnected;
import dev.midge.testkit.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example in docs/reconnect.md, which has to be this one. */
class ReconnectExampleTest {
    @Test
    void theServerIsRestarted() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Options options = Options.builder()
                    .servers(server.url()) // or several
                    .reconnect(Reconnect.builder()
                            .wait(Duration.ofMillis(50))
                            .whileDisconnected(WhileDisconnected.BUFFER)
                            .build())
                    .listener(event -> {
                        if (event instanceof ConnectionEvent.Disconnected) {
                            lost.countDown();
                        }
                    })
                    .build();
            try (Connection nc = Nats.connect(options)) {
                Subscription news = nc.subscribe("news");
                server.stop();
                assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
                nc.publish("news", "rain"); // waits for the next server
                server.restart();
                assertThat(news.next(Duration.ofSeconds(30)).text()).isEqualTo("rain");
            }
        }
    }

    @Test
    void theExampleInTheDocumentationIsThisOne() throws Exception {
        Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "reconnect.md")));
        assertThat(example.find()).isTrue();
        Path source = Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java");
        assertThat(Files.readString(source)).containsIgnoringWhitespaces(example.group(1));
    }
}
