// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-F11, R-B8: what users may do, as nats-server 2.15.2 decides it. */
class EmbeddedServerPermissionsTest {
    private EmbeddedServer server;

    @BeforeEach
    void start() {
        server = EmbeddedServer.builder()
                .authTimeout(Duration.ofSeconds(30))
                .user(EmbeddedUser.of("a", "p")
                        .allowPublish("a.>", "x.*", "r.>")
                        .denyPublish("a.secret")
                        .allowSubscribe("a.>", "q v1", "q2", "b.*.c")
                        .denySubscribe("a.hidden", "a.q w"))
                .user(EmbeddedUser.of("d", "p").denySubscribe("d.no", "d.no2 g").denyPublish("z.>"))
                .user(EmbeddedUser.of("r", "p")
                        .allowSubscribe("req")
                        .allowPublish("none")
                        .allowResponses(2, Duration.ofMinutes(1)))
                .user(EmbeddedUser.of("t", "p").allowPublish("none").allowResponses(2, Duration.ofMillis(100)))
                .user("n", "p")
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WireClient as(String user) {
        return WireClient.connect(server.port(), ",\"user\":\"" + user + "\",\"pass\":\"p\"");
    }

    private static String pub(String subject) {
        return "PUB " + subject + " 1\r\nx\r\n";
    }

    private static String noPub(String subject) {
        return "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n";
    }

    private static String noSub(String subject) {
        return "-ERR 'Permissions Violation for Subscription to \"" + subject + "\"'\r\n";
    }

    private static String noSub(String subject, String queue) {
        return "-ERR 'Permissions Violation for Subscription to \"" + subject + "\" using queue \"" + queue + "\"'\r\n";
    }

    @Test
    void publishesWhatIsAllowedAndNotDenied() {
        try (WireClient client = as("a")) {
            client.say("SUB a.> 1\r\n" + pub("a.b") + pub("a.secret") + pub("b") + pub("x.y") + pub("x") + pub("a..b"))
                    .hears("MSG a.b 1 1\r\nx\r\n" + noPub("a.secret") + noPub("b") + noPub("x") + noPub("a..b"))
                    .stays();
        }
    }

    @Test
    void deniesWithoutOk() {
        try (WireClient client = as("a")) {
            client.say("CONNECT {\"verbose\":true}\r\n" + pub("b") + pub("a.x"))
                    .hears("+OK\r\n" + noPub("b") + "+OK\r\n")
                    .stays();
        }
    }

    @Test
    void replyToMayBeAnything() {
        try (WireClient client = as("a")) {
            client.say("SUB a.> 1\r\nPUB a.x b 1\r\nx\r\n")
                    .hears("MSG a.x 1 b 1\r\nx\r\n")
                    .stays();
        }
    }

    @Test
    void emptyMessageToNobodyNeedsPermission() {
        try (WireClient client = as("a")) {
            client.say("HMSG a 1 0\r\n\r\n").hears(noPub("")).stays();
        }
    }

    @Test
    void subscribesToWhatIsAllowedAndNotDenied() {
        try (WireClient client = as("a")) {
            client.say(subs("b", "a.hidden", ">", "a.*", "q", "q v1", "q v2", "q2 any"))
                    .hears(noSub("b") + noSub("a.hidden") + noSub(">") + noSub("q") + noSub("q", "v2"))
                    .stays();
            client.say(subs("a.q w", "a.q z", "a.q", "b.>", "b.*.c", "b.*.*", "a..b", "b q", "b.>.c"))
                    .hears(noSub("a.q", "w")
                            + noSub("b.>")
                            + noSub("b.*.*")
                            + noSub("a..b")
                            + noSub("b", "q")
                            + "-ERR 'Invalid Subject'\r\n")
                    .stays();
        }
    }

    private static String subs(String... subjects) {
        return Arrays.stream(subjects)
                .map(subject -> "SUB " + subject + " " + subject.replace(' ', '/') + "\r\n")
                .collect(Collectors.joining());
    }

    @Test
    void wildcardsDoNotGetWhatIsDenied() {
        try (WireClient client = as("d")) {
            client.say("SUB d.* 1\r\nSUB d.* g 2\r\n" + pub("d.no") + pub("d.no2") + pub("d.yes"))
                    .hears("MSG d.no2 1 1\r\nx\r\nMSG d.yes 1 1\r\nx\r\nMSG d.yes 2 1\r\nx\r\n")
                    .stays();
        }
    }

    @Test
    void deniedMessagesDoNotCount() {
        try (WireClient client = as("d")) {
            client.say("SUB d.* 1\r\nUNSUB 1 1\r\n" + pub("d.no") + pub("d.yes") + pub("d.yes"))
                    .hears("MSG d.yes 1 1\r\nx\r\n")
                    .stays();
        }
    }

    @Test
    void nobodyListensWhereAllAreDenied() {
        try (WireClient client = as("d")) {
            client.say("SUB rr 7\r\nSUB d.* 1\r\nPUB d.no rr 1\r\nx\r\n")
                    .hears("HMSG rr 7 36 36\r\nNATS/1.0 503\r\nNats-Subject: d.no\r\n\r\n\r\n")
                    .stays();
        }
    }

    @Test
    void answersSoManyTimes() {
        try (WireClient responder = as("r");
                WireClient requester = as("n")) {
            responder.say("SUB req 1\r\n").stays();
            requester.say("SUB rep.> 1\r\nPUB req rep.1 1\r\nx\r\n").stays();
            responder
                    .hears("MSG req 1 rep.1 1\r\nx\r\n")
                    .say(pub("rep.1") + pub("rep.1") + pub("rep.1") + pub("rep.2"))
                    .hears(noPub("rep.1") + noPub("rep.2"))
                    .stays();
            requester.hears("MSG rep.1 1 1\r\nx\r\n".repeat(2)).stays();
        }
    }

    @Test
    void answersOnlySoLong() {
        try (WireClient responder = as("t");
                WireClient requester = as("n")) {
            responder.say("SUB req 1\r\n").stays();
            requester.say("PUB req rep.1 1\r\nx\r\n").stays();
            long asked = System.nanoTime();
            responder.hears("MSG req 1 rep.1 1\r\nx\r\n");
            Until.isTrue("the time for a reply is over", () -> System.nanoTime() - asked > 150_000_000);
            responder.say(pub("rep.1")).hears(noPub("rep.1")).stays();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a..b", ".a", "a.", ">.a", "a\tb"})
    void rejectsWhatIsNoSubject(String subject) {
        assertThatThrownBy(() -> EmbeddedUser.of("u", "p").allowPublish(subject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("publishAllow has \"" + subject + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b c", "a..b q", "a q..r", " a"})
    void rejectsWhatIsNoSubjectWithQueue(String subject) {
        assertThatThrownBy(() -> EmbeddedUser.of("u", "p").denySubscribe(subject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subscribeDeny has \"" + subject + "\"");
    }
}
