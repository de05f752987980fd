// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Neither a server nor its directory outlives the JVM that started it. */
class ServerProcessIT {
    @Test
    void isGoneWhenTheJvmIsKilled() throws Exception {
        assertServerEndsWith(true);
    }

    @Test
    void isGoneWhenTheJvmExitsWithoutClosingIt() throws Exception {
        assertServerEndsWith(false);
    }

    private static void assertServerEndsWith(boolean killed) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Starter.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            Path directory = Path.of(output.readLine());
            String pid = output.readLine();
            assertThat(pid).matches("\\d+");
            ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            assertThat(server.isAlive()).isTrue();
            assertThat(directory).isDirectory();
            if (killed) {
                jvm.destroyForcibly();
            } else {
                jvm.getOutputStream().close();
            }
            server.onExit().get(30, TimeUnit.SECONDS);
            assertThat(server.isAlive()).isFalse();
            awaitDeletion(directory);
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    private static void awaitDeletion(Path directory) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Files.exists(directory) && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertThat(directory).doesNotExist();
    }

    /**
     * Starts a server, says its directory and its process id, and ends when its input does, without closing the
     * server.
     */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) throws Exception {
            NatsServer server = NatsServer.start();
            System.out.println(server.directory());
            System.out.println(server.pid());
            while (System.in.read() >= 0) {}
        }
    }
}
