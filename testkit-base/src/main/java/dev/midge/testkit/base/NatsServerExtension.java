// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.testkit.base;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What {@link NatsServerTest} stands for: one invocation of the class for each version. For JUnit; use the
 * annotation.
 */
public final class NatsServerExtension implements ClassTemplateInvocationContextProvider {
    private static final Namespace NAMESPACE = Namespace.create(NatsServerExtension.class);

    /** For JUnit. */
    public NatsServerExtension() {}

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestClass(), NatsServerTest.class);
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        NatsServerTest test = AnnotationSupport.findAnnotation(context.getTestClass(), NatsServerTest.class)
                .orElseThrow();
        NatsServerVersion[] versions = test.versions().length == 0 ? NatsServerVersion.values() : test.versions();
        return Arrays.stream(versions).map(version -> new Invocation(version, test));
    }

    private record Invocation(NatsServerVersion version, NatsServerTest test)
            implements ClassTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return version.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new ServerOfClass(version, test));
        }
    }

    /** Has the server ready before the first test, and hands it to whoever takes it as a parameter. */
    private static final class ServerOfClass implements BeforeClassTemplateInvocationCallback, ParameterResolver {
        private final NatsServerVersion version;
        private final NatsServerTest test;
        private @Nullable NatsServer server;

        ServerOfClass(NatsServerVersion version, NatsServerTest test) {
            this.version = version;
            this.test = test;
        }

        @Override
        public void beforeClassTemplateInvocation(ExtensionContext context) {
            boolean own = test.perClass() || test.jetStream() || !test.config().isEmpty() || test.flags().length > 0;
            NatsServer started = own ? start() : NatsServer.shared(version);
            // Closed with this invocation of the class, after its last test.
            context.getStore(NAMESPACE).put(NatsServer.class, started);
            server = started;
        }

        private NatsServer start() {
            NatsServer.Builder builder =
                    NatsServer.builder().version(version).config(test.config()).flags(test.flags());
            return (test.jetStream() ? builder.jetStream() : builder).start();
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == NatsServer.class || type == NatsServerVersion.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == NatsServerVersion.class
                    ? version
                    : Objects.requireNonNull(server, "JUnit resolves no parameter before the invocation has begun");
        }
    }
}
