// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.stan.jetstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.client.Connection;
import dev.midge.client.Nats;
import dev.midge.jetstream.JetStream;
import dev.midge.jetstream.StreamConfig;
import dev.midge.stan.Stan;
import dev.midge.stan.StanConnection;
import dev.midge.stan.jetstream.BridgeOptions;
import dev.midge.stan.jetstream.ChannelBridge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The program of docs/streaming-migration.md is this one, which compiles; ChannelBridgeIT has what it does. */
class MigrationExampleTest {
    private static void log(String line) {
        System.out.println(line);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as a first program does
    static ChannelBridge program() {
        Connection old = Nats.connect("nats://old:4222");
        Connection nc = Nats.connect("nats://new:4222");
        StanConnection sc = Stan.connect(old, "test-cluster", "bridge");
        JetStream js = JetStream.of(nc);
        js.createStream(StreamConfig.builder("ORDERS").subjects("orders.>").build());
        ChannelBridge bridge = ChannelBridge.start(
                sc,
                js,
                BridgeOptions.builder("orders", "ORDERS").subject("orders.old").build());
        bridge.done().whenComplete((end, failure) -> log("copied " + bridge.copied() + ", ended " + failure));
        return bridge;
    }

    @Test
    void theProgramInTheDocumentationIsThis() throws Exception {
        String source = Files.readString(
                Path.of("src/test/java", MigrationExampleTest.class.getName().replace('.', '/') + ".java"));
        assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("..", "..", "docs", "streaming-migration.md")))
                        .results()
                        .map((MatchResult block) -> block.group(1)))
                .hasSize(1)
                .allSatisfy(program -> assertThat(source).containsIgnoringWhitespaces(program));
    }
}
