// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.testkit.Cut;
import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.Fault;
import dev.midge.testkit.Frame;
import dev.midge.testkit.FrameProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example in docs/frame-proxy.md, which has to be this one. */
class FrameProxyExampleTest {
    @Test
    void aMessageIsLostAndThenTheConnection() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                FrameProxy proxy = FrameProxy.to(server.port())) {
            proxy.toServer().at(Frame.PUB, 2).drop();
            Fault cut = proxy.toServer().at(Frame.PUB, 4).plus(3).cut(Cut.FIN);

            try (Connection nc = Nats.connect(proxy.url())) { // or any other client
                for (int i = 1; i <= 4; i++) {
                    nc.publish("numbers", String.valueOf(i));
                }
                assertThat(cut.await(Duration.ofSeconds(30))).isTrue();
            }

            assertThat(proxy.awaitNoConnection(Duration.ofSeconds(30))).isTrue();
            assertThat(proxy.toServer().seen(Frame.PUB)).isEqualTo(4);
            assertThat(proxy.toServer().passed(Frame.PUB)).isEqualTo(2); // 1 and 3
        }
    }

    @Test
    void theExampleInTheDocumentationIsThisOne() throws Exception {
        Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "frame-proxy.md")));
        assertThat(example.find()).isTrue();
        Path source = Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java");
        assertThat(Files.readString(source)).containsIgnoringWhitespaces(example.group(1));
    }
}
