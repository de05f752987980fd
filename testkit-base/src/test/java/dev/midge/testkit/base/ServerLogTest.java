// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerLogTest {
    private final ServerLog log = new ServerLog("log", false);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void keepsTheNewestLines() {
        log.readAll(lines(0, 2_500));
        assertThat(log.text()).startsWith("(500 lines before)\nline 500\n").endsWith("\nline 2499");
        assertThat(log.end()).isEqualTo(2_500);
    }

    @Test
    void findsOnlyWhatCameAfterThePosition() {
        log.readAll(lines(0, 2_100));
        assertThat(find("line 2050$", 2_050)).isEqualTo("line 2050");
        assertThat(find("line 2050$", 2_051)).isNull();
        assertThat(find("line 50$", 0)).isNull();
    }

    @Test
    void waitsForALine() throws Exception {
        Future<?> end = log.follow(lines(0, 10));
        assertThat(log.await(
                        Pattern.compile("line 9"),
                        0,
                        System.nanoTime() + Duration.ofSeconds(30).toNanos()))
                .isEqualTo("line 9");
        end.get();
    }

    private @Nullable String find(String regex, long position) {
        return log.await(Pattern.compile(regex), position, System.nanoTime());
    }

    private static ByteArrayInputStream lines(int from, int to) {
        return new ByteArrayInputStream(IntStream.range(from, to)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8));
    }
}
