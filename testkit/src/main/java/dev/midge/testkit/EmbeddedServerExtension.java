// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What {@link EmbeddedServerTest} stands for; by itself for servers with settings:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EmbeddedServerExtension SERVERS = EmbeddedServerExtension.with(server -> server.user("u", "p"));
 *
 * @Test
 * void refusesStrangers(EmbeddedServer server) { ... }
 * }</pre>
 */
public final class EmbeddedServerExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(EmbeddedServerExtension.class);

    private final UnaryOperator<EmbeddedServerBuilder> settings;

    /** For JUnit. */
    public EmbeddedServerExtension() {
        this(UnaryOperator.identity());
    }

    private EmbeddedServerExtension(UnaryOperator<EmbeddedServerBuilder> settings) {
        this.settings = settings;
    }

    /**
     * For servers with settings of their own.
     *
     * @param settings called before each start, with a fresh builder
     */
    public static EmbeddedServerExtension with(UnaryOperator<EmbeddedServerBuilder> settings) {
        return new EmbeddedServerExtension(Objects.requireNonNull(settings, "settings"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedServer.class;
    }

    /** JUnit closes what is in the store of a test or a class behind it. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        EmbeddedServer.class,
                        key -> settings.apply(EmbeddedServer.builder()).start(),
                        EmbeddedServer.class);
    }
}
