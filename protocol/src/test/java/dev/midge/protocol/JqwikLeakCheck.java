// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

import dev.midge.testkit.base.LeakCheck;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.jspecify.annotations.Nullable;

/** The leak check around each jqwik property, all tries together. Found by jqwik through META-INF/services. */
@SuppressWarnings("exports") // public for the service loader alone
public final class JqwikLeakCheck implements AroundPropertyHook {
    /** For the service loader. */
    public JqwikLeakCheck() {}

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    /** Outside of all other hooks, so that it comes after what they close. */
    @Override
    public int aroundPropertyProximity() {
        return -1_000;
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property)
            throws Throwable {
        AtomicReference<@Nullable PropertyExecutionResult> executed = new AtomicReference<>();
        try {
            LeakCheck.verify(context.extendedLabel(), () -> executed.set(property.execute()));
            return Objects.requireNonNull(executed.get());
        } catch (AssertionError leaks) {
            PropertyExecutionResult result = Objects.requireNonNull(executed.get());
            Optional<Throwable> ownFailure = result.throwable();
            ownFailure.ifPresent(failure -> failure.addSuppressed(leaks));
            return ownFailure.isPresent() ? result : result.mapToFailed(leaks);
        }
    }
}
