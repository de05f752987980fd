// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import dev.midge.protocol.Info;
import dev.midge.protocol.ProtocolException;

/** Uses what the modules export, and nothing else: that it compiles is half of the test. */
final class Consumer {
    private Consumer() {}

    public static void main(String[] args) {
        String version = Info.parse("{\"server_id\":\"S\",\"version\":\"2.15.2\",\"not_known_yet\":1}")
                .version();
        try {
            Info.parse("{");
            throw new AssertionError("half a JSON object was taken for an INFO");
        } catch (ProtocolException expected) {
            System.out.println(Consumer.class.getModule() + " understood " + version + " and " + Info.class.getModule()
                    + " refused");
        }
    }
}
