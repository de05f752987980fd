// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a class of JUnit tests once against each version of nats-server. Its constructor, its tests and what runs before
 * and after each of them may take a {@link NatsServer} or a {@link NatsServerVersion}; {@code @BeforeAll} and {@code
 * @AfterAll} may not, as JUnit calls them once for all versions together.
 *
 * <pre>{@code
 * @NatsServerTest
 * class PublishIT {
 *     @Test
 *     void publishes(NatsServer server) { ... }
 * }
 * }</pre>
 *
 * Without further members the server is {@link NatsServer#shared}. With a configuration, flags or {@link
 * #jetStream}, or with {@link #perClass}, the class has one of its own for each version, started before its first test and closed after its last.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ClassTemplate
@ExtendWith(NatsServerExtension.class)
public @interface NatsServerTest {
    /** The versions; all of them when empty. */
    NatsServerVersion[] versions() default {};

    /** The text of the configuration file. */
    String config() default "";

    /** Further flags of the command line. */
    String[] flags() default {};

    /** With JetStream, and a directory for it that is gone when the server is closed. The server is the class's own. */
    boolean jetStream() default false;

    /** A server of the class's own, which its tests may stop, restart and reload. */
    boolean perClass() default false;
}
