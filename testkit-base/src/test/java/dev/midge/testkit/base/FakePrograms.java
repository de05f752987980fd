// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Shell scripts that stand in for programs which are not there or would take too long. */
final class FakePrograms {
    private FakePrograms() {}

    /** A nats-server that does nothing but say its version. */
    static Path natsServer(Path folder, String version) throws IOException {
        return script(folder, "nats-server", "echo 'nats-server: v" + version + "'");
    }

    static Path script(Path folder, String name, String body) throws IOException {
        Files.createDirectories(folder);
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
