// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The conversation with a contender, which is a shell here. */
class ContenderProcessTest {
    private static ContenderProcess shell(String script) throws IOException, InterruptedException {
        return new ContenderProcess(List.of("sh", "-c", script));
    }

    @Test
    void takesTurns() throws Exception {
        try (ContenderProcess contender = shell("echo 'ready {\"client\":\"a shell\"}'; read word more;"
                + "echo \"{\\\"messages\\\":7,\\\"said\\\":\\\"$word $more\\\"}\"; read quit")) {
            assertThat(contender.description()).containsEntry("client", "a shell");
            contender.run(0.5, "a.subject");
            assertThat(contender.outcome(0.5)).containsEntry("messages", 7L).containsEntry("said", "run 0.5 a.subject");
            assertThat(contender.status("VmHWM")).isPositive();
            assertThat(contender.status("Threads")).isEqualTo(1);
        }
    }

    @Test
    void saysWhatAContenderSaysOfItsFailure() throws Exception {
        try (ContenderProcess contender =
                shell("echo 'ready {}'; read line; echo 'the log' >&2; echo 'error it is cold'; exit 1")) {
            contender.run(0.5);
            assertThatThrownBy(() -> contender.outcome(0.5))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it is cold; the log");
        }
    }

    @Test
    void saysHowAContenderEnded() throws Exception {
        try (ContenderProcess contender = shell("echo 'ready {}'; read line; exit 3")) {
            contender.run(0.5);
            assertThatThrownBy(() -> contender.outcome(0.5))
                    .isInstanceOf(IOException.class)
                    .hasMessage("ended with 3");
        }
    }

    @Test
    void saysWhatItDoesNotUnderstand() throws Exception {
        assertThatThrownBy(() -> shell("echo hello; read quit"))
                .isInstanceOf(IOException.class)
                .hasMessage("said \"hello\" instead of \"ready\"");
        try (ContenderProcess contender = shell("echo 'ready {}'; read line; echo soon; read quit")) {
            contender.run(0.5);
            assertThatThrownBy(() -> contender.outcome(0.5)).hasMessage("said what is no JSON: soon");
        }
    }

    @Test
    void endsAContenderThatDoesNotWantTo() throws Exception {
        long pid;
        try (ContenderProcess contender = shell("echo \"ready {\\\"pid\\\":$$}\"; exec sleep 600")) {
            pid = ((Number) contender.description().getOrDefault("pid", 0)).longValue();
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }
}
