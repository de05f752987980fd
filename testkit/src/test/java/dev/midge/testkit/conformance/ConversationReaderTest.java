// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.midge.testkit.conformance.Needs.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationReaderTest {
    @Test
    void readsConversations() {
        List<Conversation> read = read("""
                # a comment
                == first: it is first
                source: a
                source: b
                C1 opens
                C1> PING\\r\\n
                C1< PONG\\r\\n

                == second: it is second
                source: c
                needs: max_payload 10
                C1 connects {"echo":false}
                C1< nothing
                """);
        assertThat(read).extracting(Conversation::id).containsExactly("topic/first", "topic/second");
        assertThat(read.get(0).sources()).containsExactly("a", "b");
        assertThat(read.get(0).description()).isEqualTo("it is first");
        assertThat(read.get(0).steps())
                .extracting(Step::text)
                .containsExactly("C1 opens", "C1> PING\\r\\n", "C1< PONG\\r\\n");
        assertThat(read.get(1).needs().number("max_payload", 0)).isEqualTo(10);
        assertThat(read.get(1).steps())
                .extracting(Step::action)
                .containsExactly(new Step.Handshake("C1", "{\"echo\":false}"), new Step.ExpectNothing("C1"));
    }

    @Test
    void joinsLinesInAnyOrder() {
        List<Step> steps = steps("C1<~ MSG a 1 0\\r\\n\nC1<~ MSG a 2 0\\r\\n\nC2<~ PONG\\r\\n\nC1< PONG\\r\\n");
        assertThat(steps).hasSize(3);
        assertThat(steps.get(0).action())
                .isInstanceOfSatisfying(
                        Step.ExpectAll.class, all -> assertThat(all.frames()).hasSize(2));
    }

    @Test
    void readsPieceSizesAndSeveralParties() {
        List<Step> steps = steps("C1>/1 PING\\r\\n\nC1|C2< PONG\\r\\n");
        assertThat(steps.get(0).action())
                .isInstanceOfSatisfying(
                        Step.Send.class, send -> assertThat(send.pieceSize()).isEqualTo(1));
        assertThat(steps.get(1).action())
                .isInstanceOfSatisfying(
                        Step.ExpectOne.class, one -> assertThat(one.parties()).containsExactly("C1", "C2"));
    }

    @Test
    void readsUsersAndWhatTheyMay() {
        Needs.Reader reader = new Needs.Reader();
        reader.line("user joe secret");
        reader.line("joe may publish a.>, b");
        reader.line("joe may not subscribe c workers");
        reader.line("joe may respond 2");
        assertThat(reader.needs().users())
                .containsExactly(new Needs.User(
                        "joe",
                        "secret",
                        List.of(
                                new Rule(true, true, List.of("a.>", "b")),
                                new Rule(false, false, List.of("c workers"))),
                        2));
        assertThat(NatsServerConfig.of(reader.needs(), null)).isEqualTo("""
                        authorization {
                        users: [{user: "joe", password: "secret", permissions: {publish: {allow: ["a.>", "b"]}, \
                        subscribe: {deny: ["c workers"]}, allow_responses: {max: 2, expires: "1m"}, }}]
                        timeout: 10.0
                        }
                        """);
    }

    @Test
    void readsKeysAccountsAndEncryption() {
        Needs.Reader reader = new Needs.Reader();
        List.of(
                        "nkey joe",
                        "account A",
                        "A expires 4",
                        "A connections 1",
                        "A revokes joe",
                        "tls first",
                        "tls_timeout 200")
                .forEach(reader::line);
        Needs needs = reader.needs();
        assertThat(needs.nkeys()).containsExactly("joe");
        assertThat(needs.accounts()).containsExactly(new Needs.Account("A", 4, 1, List.of("joe")));
        assertThat(needs.tls()).isEqualTo("first");
        assertThat(needs).hasToString("tls first, tls_timeout 200, nkey joe, account A by JWT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.line("A forgets joe"))
                .withMessageContaining("not: forgets");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertRefused("C1 jumps", "line 3", "C1 jumps");
        assertRefused("needs: shoes 42", "line 3", "no such need: shoes 42");
        assertRefused("sue may publish a\nC1 opens", "line 3", "not a line");
        assertRefused("C1> ${x=*}\nC1 opens", "cannot be captured");
        assertRefused("C1< INFO {nonsense", "no JSON object");
        assertRefused("", "at least one step");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("PING"))
                .withMessageContaining("topic, line 1: not a title");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("== a: b\nsource: x\nC1 opens\n== a: c\nsource: x\nC1 opens"))
                .withMessageContaining("two conversations have the name a");
    }

    private static void assertRefused(String lines, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> steps(lines)).withMessageContainingAll(parts);
    }

    private static List<Step> steps(String lines) {
        return read("== name: what\nsource: x\n" + lines).get(0).steps();
    }

    private static List<Conversation> read(String text) {
        return ConversationReader.read("topic", text.lines().toList());
    }
}
