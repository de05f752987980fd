// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server must not outlive the JVM that started it. */
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
            String pid = output.readLine();
            assertThat(pid).matches("\\d+");
            ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            assertThat(server.isAlive()).isTrue();
            if (killed) {
                jvm.destroyForcibly();
            } else {
                jvm.getOutputStream().close();
            }
            server.onExit().get(10, TimeUnit.SECONDS);
            assertThat(server.isAlive()).isFalse();
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    /** Starts a server, says its process id, and ends when its input does, without closing the server. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) throws Exception {
            NatsServer server = NatsServer.start();
            System.out.println(server.pid());
            while (System.in.read() >= 0) {}
        }
    }
}
