// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.Info;
import dev.midge.transport.Link;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R-F6: no call can wait with a monitor held, which would pin a virtual thread before JDK 24, as there is no monitor in
 * the code, nor a call that waits in one elsewhere. What the compiler made is looked at, so this holds on each JDK.
 */
class MonitorsTest {
    private static final Pattern MONITOR = Pattern.compile("\\bmonitorenter\\b|^ .*\\bsynchronized\\b.*\\(.*;$");

    /** Netty's futures wait in monitors. */
    private static final Pattern WAIT =
            Pattern.compile("Method java/lang/Object\\.wait:|Method \\S*\\.(sync|await)(Uninterruptibly)?:");

    /** Of a Condition or a latch: locks of java.util.concurrent. */
    private static final Pattern HARMLESS = Pattern.compile("Method java/util/concurrent/|Method dev/midge/");

    @ParameterizedTest
    @ValueSource(classes = {Info.class, Link.class, Connection.class})
    void thereAreNoneInTheModuleOf(Class<?> type) throws Exception {
        List<String> code = disassembled(location(type), null);
        assertThat(code)
                .as("classes")
                .filteredOn(line -> line.startsWith("Compiled from"))
                .hasSizeGreaterThan(20);
        assertThat(suspicious(code)).isEmpty();
    }

    /** That it would see them. */
    @Test
    void theOnesHereAreSeen() throws Exception {
        assertThat(suspicious(disassembled(location(getClass()), Guilty.class.getName())))
                .satisfiesExactly(
                        method -> assertThat(method).contains("synchronized void method()"),
                        wait -> assertThat(wait).contains("java/lang/Object.wait"),
                        block -> assertThat(block).contains("monitorenter"),
                        netty -> assertThat(netty).contains("ChannelFuture.sync"));
    }

    /** What must not be done. */
    @SuppressWarnings({"unused", "WaitNotInLoop"}) // looked at, not run
    private static final class Guilty {
        synchronized void method() throws InterruptedException {
            wait(1);
        }

        void block(ChannelFuture future) throws InterruptedException {
            synchronized (this) {
                future.sync();
            }
        }
    }

    private static List<String> suspicious(List<String> code) {
        return code.stream()
                .filter(line -> MONITOR.matcher(line).find()
                        || (WAIT.matcher(line).find() && !HARMLESS.matcher(line).find()))
                .toList();
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** What javap says of one class, or of all of a directory or jar. */
    private static List<String> disassembled(URL location, @Nullable String name)
            throws IOException, URISyntaxException {
        Path place = Path.of(location.toURI());
        List<String> arguments = new ArrayList<>(List.of("-c", "-p", "-cp", place.toString()));
        if (name != null) {
            arguments.add(name);
        } else if (Files.isDirectory(place)) {
            arguments.addAll(classes(place));
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                arguments.addAll(classes(jar.getPath("/")));
            }
        }
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow(() -> new AssertionError("needs a JDK"));
        assertThat(javap.run(out, out, arguments.toArray(new String[0])))
                .as("%s", text)
                .isZero();
        return text.toString().lines().toList();
    }

    private static List<String> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }
}
