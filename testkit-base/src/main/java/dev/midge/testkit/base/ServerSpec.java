// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server is started with, each time. */
interface ServerSpec {
    /** What is started. */
    ServerProgram program();

    /** The text of its configuration file. */
    String config();

    /** Further flags, for the text of failures. */
    List<String> flags();

    /** Whether clients connect to it, which is waited for. */
    boolean listens();

    /** Whether it greets clients with INFO. */
    boolean greets();

    /** What a line of its log has when it is ready, or null if that it listens is all. */
    @Nullable
    Pattern ready();

    /** The command line; the flags for address and port win over what the configuration says. */
    List<String> command(Path binary, Path config, Path directory, Path portsDirectory, int port);
}
