// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R-F9: what is logged, by Midge and by Netty below it, and what must not be. */
class LoggingTest {
    /** {@code [thread] DEBUG logger - text}, as slf4j-simple writes it. */
    private static final Pattern LINE = Pattern.compile("(?m)^\\[.*] (TRACE|DEBUG|INFO|WARN|ERROR) (\\S+) - .*$");

    private static ChildJvm.Output talk(String scenario) throws Exception {
        return ChildJvm.run(
                TalkativeProgram.class, List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"), scenario);
    }

    /** Nothing above DEBUG, and nothing twice, while all goes well. */
    @Test
    void normalOperationIsSilent() throws Exception {
        ChildJvm.Output output = talk("normal");
        List<Matcher> lines = LINE.matcher(output.err())
                .results()
                .map(line -> LINE.matcher(line.group()))
                .filter(Matcher::matches)
                .toList();
        assertThat(lines).noneMatch(line -> List.of("INFO", "WARN", "ERROR").contains(line.group(1)));
        assertThat(lines.stream()
                        .filter(line -> line.group(2).startsWith("dev.midge."))
                        .map(Matcher::group))
                .doesNotHaveDuplicates()
                .anyMatch(line -> line.contains("connected to nats://"))
                .anyMatch(line -> line.contains("CLOSED_BY_USER"));
        assertThat(lines).as("Netty logs too").anyMatch(line -> line.group(2).startsWith("io.netty."));
    }

    /** In no log of any level, and in nothing else that can be printed; though the texts are there that could tell it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "normal     | Message to a, 100 bytes | connected to",
                "connecting | Authorization Violation | io.netty",
                "publishing | MessagesDiscarded       | MessagesDiscarded",
                "receiving  | HandlerFailed           | no luck with Message to b",
            })
    void secretsAreNeverShown(String scenario, String printed, String logged) throws Exception {
        ChildJvm.Output output = talk(scenario);
        assertThat(output.out()).contains(printed).doesNotContain(TalkativeProgram.SECRET);
        assertThat(output.err()).contains(logged).doesNotContain(TalkativeProgram.SECRET);
    }

    /** That events are dropped is said when it begins, as the listener may never return, and not for each of them. */
    @Test
    void droppedEventsAreToldOnce() throws Exception {
        String log = talk("flooding").err();
        assertThat(log).containsOnlyOnce("WARN dev.midge.client.internal.EventQueue");
        assertThat(log).contains("the connection: the listener does not keep up, 5 events wait for it");
        assertThat(log).contains("INFO dev.midge.client.Connection - EventsDropped[count=45]");
    }

    /** An exception that quotes what a server sent against the rules may quote a payload: its text is not logged. */
    @Test
    void whatAServerSentAgainstTheRulesIsNotLogged() throws Exception {
        assertThat(talk("garbage").err())
                .contains(
                        "PROTOCOL_ERROR",
                        "the handler of Subscription 1 of a threw dev.midge.protocol.ProtocolException")
                .doesNotContain(TalkativeProgram.SECRET);
    }
}
