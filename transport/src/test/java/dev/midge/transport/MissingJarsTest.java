// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.midge.protocol.NatsException;
import io.netty.channel.Channel;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens where an optional jar is not on the class path: all classes are loaded anew without it. */
class MissingJarsTest {
    /** Runs without the jars; its name and the JDK's types are all that the two class loaders share. */
    public static final class Probe implements Callable<String> {
        @Override
        public String call() {
            StringBuilder seen = new StringBuilder();
            for (TransportKind kind : TransportKind.values()) {
                try {
                    EventLoops.Lease lease = EventLoops.own(kind, 1).acquire();
                    Channel socket = IoTransports.newSocket(lease.next());
                    seen.append(kind).append(" -> ").append(socket.getClass().getSimpleName());
                    socket.unsafe().closeForcibly();
                    lease.release();
                } catch (NatsException e) {
                    seen.append(e.getMessage());
                }
                seen.append('\n');
            }
            return seen.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty-transport-classes-", "netty-transport-native-"})
    void whatIsMissingIsNamedAndNioStandsIn(String missing) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains(missing)) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Object probe = loader.loadClass(Probe.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(String.valueOf(((Callable<?>) probe).call()).lines())
                    .satisfiesExactly(
                            auto -> assertThat(auto).isEqualTo("AUTO -> NioSocketChannel"),
                            nio -> assertThat(nio).isEqualTo("NIO -> NioSocketChannel"),
                            epoll -> assertMissing(epoll, "epoll"),
                            uring -> assertMissing(uring, "io_uring"),
                            kqueue -> assertMissing(kqueue, "kqueue"));
        }
    }

    private static void assertMissing(String text, String name) {
        assertThat(text)
                .startsWith("transport " + name + " is not available: ")
                .contains("netty-transport-classes-" + name, "netty-transport-native-" + name);
    }
}
