// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files themselves: that they can be read, and that what is said about them holds. */
class SuiteTest {
    @Test
    void readsAllConversations() {
        List<Conversation> all = Suite.server();
        assertThat(all).hasSizeGreaterThan(300);
        assertThat(all).extracting(Conversation::id).doesNotHaveDuplicates();
        assertThat(all).extracting(Conversation::topic).containsAll(Suite.SERVER_TOPICS);
        assertThat(Suite.client())
                .hasSizeGreaterThan(100)
                .extracting(Conversation::topic)
                .containsAll(Suite.CLIENT_TOPICS);
    }

    @Test
    void expectsResultsOfConversationsThatThereAre() {
        List<String> ids = Suite.server().stream().map(Conversation::id).toList();
        for (String name : ExpectedResults.ALL) {
            ExpectedResults expected = ExpectedResults.of(name);
            assertThat(ids).as(name).containsAll(expected.others().keySet());
            assertThat(expected.outcome("no/such")).isEqualTo(new Outcome.Passed());
        }
    }

    @Test
    void saysWhyAServerDiffers() {
        for (String name : ExpectedResults.ALL) {
            ExpectedResults expected = ExpectedResults.of(name);
            expected.others().forEach((id, outcome) -> {
                if (outcome instanceof Outcome.Differs) {
                    assertThat(expected.reasons()).as("%s, %s", name, id).containsKey(id);
                }
            });
        }
    }

    @Test
    void expectsNothingElseOfTheReference() {
        assertThat(ExpectedResults.of(ExpectedResults.REFERENCE).others()).isEmpty();
        assertThat(ExpectedResults.of("nats-server-9.9.9").name()).isEqualTo(ExpectedResults.REFERENCE);
    }

    /** The tables are what {@code bench/midge conformance --table} prints, as the runs against real servers are compared with the same files. */
    @Test
    void tablesOfTheDocumentationAreUpToDate() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "conformance.md"));
        assertThat(page).contains("<!-- the tables -->\n" + ConformanceTable.ofExpectedResults() + "<!-- end -->");
    }
}
