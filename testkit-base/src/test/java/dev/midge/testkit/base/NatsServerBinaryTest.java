// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import static dev.midge.testkit.base.NatsServerVersion.V2_15_2;
import static dev.midge.testkit.base.NatsServerVersion.V2_9_10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** With scripts in place of the programs, and folders of the test's own. */
class NatsServerBinaryTest {
    private static final String SHELL = "/usr/bin:/bin";

    @TempDir
    private Path folder;

    @Test
    void takesWhatTheEnvironmentNames() throws Exception {
        Path older = FakePrograms.natsServer(folder.resolve("a"), "2.9.10");
        Path newer = FakePrograms.natsServer(folder.resolve("b"), "2.15.2");
        FakePrograms.natsServer(folder.resolve("cache/nats-server/2.15.2"), "2.15.2");
        NatsServerBinary search = search(Map.of("MIDGE_NATS_SERVER", older + ":" + newer));
        assertThat(search.find(V2_15_2.program())).isEqualTo(newer);
        assertThat(search.find(V2_9_10.program())).isEqualTo(older);
    }

    @Test
    void prefersTheCacheToThePath() throws Exception {
        Path cached = FakePrograms.natsServer(folder.resolve("cache/nats-server/2.15.2"), "2.15.2");
        FakePrograms.natsServer(folder.resolve("bin"), "2.15.2");
        assertThat(search(Map.of("PATH", folder.resolve("bin") + ":" + SHELL)).find(V2_15_2.program()))
                .isEqualTo(cached);
    }

    @Test
    void takesFromThePathOnlyTheRightVersion() throws Exception {
        FakePrograms.natsServer(folder.resolve("bin"), "2.15.2");
        Path system = FakePrograms.natsServer(folder.resolve("sbin"), "2.9.10");
        NatsServerBinary search = search(Map.of("PATH", folder.resolve("bin") + ":" + SHELL));
        assertThat(search.find(V2_9_10.program())).isEqualTo(system);
    }

    @Test
    void installsIntoTheCacheOnce() throws Exception {
        FakePrograms.script(folder.resolve("bin"), "go", """
                echo "$@" >> "$(dirname "$0")/calls"
                mkdir -p "$GOBIN"
                printf '#!/bin/sh\\necho nats-server: v2.15.2\\n' > "$GOBIN/nats-server"
                chmod +x "$GOBIN/nats-server"
                """);
        NatsServerBinary search = search(Map.of("PATH", folder.resolve("bin") + ":" + SHELL));
        Path expected = folder.resolve("cache/nats-server/2.15.2/nats-server");
        assertThat(search.find(V2_15_2.program())).isEqualTo(expected);
        assertThat(search.find(V2_15_2.program())).isEqualTo(expected);
        assertThat(folder.resolve("bin/calls")).hasContent("install github.com/nats-io/nats-server/v2@v2.15.2");
    }

    @Test
    void namesEveryPlaceInOneSentenceWhenThereIsNone() throws Exception {
        Path wrong = FakePrograms.natsServer(folder.resolve("wrong"), "1.0.0");
        FakePrograms.natsServer(folder.resolve("sbin"), "2.9.10");
        FakePrograms.script(folder.resolve("bin"), "go", "echo first; echo no such module; exit 1");
        NatsServerBinary search =
                search(Map.of("MIDGE_NATS_SERVER", wrong.toString(), "PATH", folder.resolve("bin") + ":" + SHELL));
        assertThatThrownBy(() -> search.find(V2_15_2.program()))
                .hasMessage("nats-server 2.15.2 was not found: of MIDGE_NATS_SERVER " + wrong
                        + " is 1.0.0, the cache has no "
                        + folder
                        + "/cache/nats-server/2.15.2/nats-server, PATH and the system's folders have only others ("
                        + folder
                        + "/sbin/nats-server is 2.9.10), \"go install github.com/nats-io/nats-server/v2@v2.15.2\""
                        + " failed with no such module; set MIDGE_NATS_SERVER to the path of a binary of this version"
                        + " (several are separated by ':')");
    }

    @Test
    void saysWhenThereIsNoGo() {
        assertThatThrownBy(() -> search(Map.of("PATH", folder.toString())).find(V2_15_2.program()))
                .hasMessageContaining("MIDGE_NATS_SERVER is not set")
                .hasMessageContaining("PATH and the system's folders have none")
                .hasMessageContaining("failed with no go on PATH");
    }

    @Test
    void failsWithoutServerUnderCiAndIsSkippedElsewhere() {
        Map<String, String> nowhere = Map.of("PATH", folder.toString());
        assertThatThrownBy(() -> new ServerBinaries(Map.of("CI", "true"), search(nowhere)).get(V2_15_2.program()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("nats-server 2.15.2 was not found");
        ServerBinaries elsewhere = new ServerBinaries(Map.of(), search(nowhere));
        assertThatThrownBy(() -> elsewhere.get(V2_15_2.program())).isInstanceOf(TestAbortedException.class);
    }

    @Test
    void looksForAVersionOnce() throws Exception {
        ServerBinaries binaries = new ServerBinaries(Map.of(), search(Map.of("PATH", folder.toString())));
        assertThatThrownBy(() -> binaries.get(V2_15_2.program())).isInstanceOf(TestAbortedException.class);
        FakePrograms.natsServer(folder.resolve("sbin"), "2.15.2");
        assertThatThrownBy(() -> binaries.get(V2_15_2.program())).isInstanceOf(TestAbortedException.class);
        assertThat(Files.exists(folder.resolve("sbin/nats-server"))).isTrue();
    }

    private NatsServerBinary search(Map<String, String> more) {
        Map<String, String> environment =
                new HashMap<>(Map.of("MIDGE_CACHE", folder.resolve("cache").toString()));
        environment.putAll(more);
        return new NatsServerBinary(environment, List.of(folder.resolve("sbin")));
    }
}
