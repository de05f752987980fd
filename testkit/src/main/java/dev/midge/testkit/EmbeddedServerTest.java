// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives JUnit tests an {@link EmbeddedServer} with nothing configured: a test that has a parameter of this type gets one
 * of its own, started for it and closed behind it.
 *
 * <pre>{@code
 * @EmbeddedServerTest
 * class GreetingTest {
 *     @Test
 *     void answers(EmbeddedServer server) {
 *         try (Connection nc = Nats.connect(server.url())) { ... }
 *     }
 * }
 * }</pre>
 *
 * Where {@code @BeforeAll} has such a parameter, its server is the one of all tests of the class. For a server with
 * settings, see {@link EmbeddedServerExtension}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(EmbeddedServerExtension.class)
public @interface EmbeddedServerTest {}
