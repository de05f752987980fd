// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

/** Prints what its environment says of options, for {@link EnvironmentTest}. */
final class ConfiguredProgram {
    private ConfiguredProgram() {}

    public static void main(String[] arguments) {
        Options options = Options.fromEnvironment();
        System.out.println(options.servers() + " " + options.name() + " " + options.connectTimeout());
        NatsContext context = options.context();
        System.out.println(context == null ? "none" : context.name());
        System.out.println(Options.fromContext("other").servers() + " "
                + Options.fromContext().servers());
    }
}
