// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import dev.midge.testkit.EmbeddedServer;
import dev.midge.testkit.conformance.Report;
import dev.midge.testkit.conformance.ServerConformance;
import dev.midge.testkit.conformance.ServerUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Uses the packages that dev.midge.testkit exports. {@link PackagedTestkitIT} gives it to the java command as source, with the jars as modules. */
final class TestkitProgram {
    private TestkitProgram() {}

    public static void main(String[] args) throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String beginning = new String(socket.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
            System.out.println(EmbeddedServer.class.getModule() + " says " + beginning);
        }
        try (ServerUnderTest server = ServerUnderTest.embedded()) {
            Report report = ServerConformance.run(server, "verbs");
            System.out.println(report.passed() + " passed, " + report.differing() + " differ");
        }
    }
}
