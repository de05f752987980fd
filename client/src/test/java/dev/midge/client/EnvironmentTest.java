// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ADR-21: the environment that a program is started with decides. */
class EnvironmentTest {
    @Test
    void variablesAndContexts(@TempDir Path config) throws Exception {
        Path contexts = Files.createDirectories(config.resolve("nats").resolve("context"));
        Files.writeString(contexts.resolve("it.json"), "{\"url\":\"nats://it\"}");
        Files.writeString(contexts.resolve("other.json"), "{\"url\":\"nats://other\"}");
        Files.writeString(config.resolve("nats").resolve("context.txt"), "it\n");
        ChildJvm.Output output = ChildJvm.run(
                ConfiguredProgram.class,
                Map.of(
                        "XDG_CONFIG_HOME", config.toString(),
                        "MIDGE_CONTEXT", "it",
                        "MIDGE_NAME", "billing",
                        "MIDGE_CONNECT_TIMEOUT", "7s"),
                List.of());
        assertThat(output.out()).isEqualTo("[nats://it:4222] billing PT7S\nit\n[nats://other:4222] [nats://it:4222]\n");
    }
}
