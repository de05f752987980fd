// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

import dev.midge.protocol.Secret;

/** Who to be on a server, where its URL says so. The texts are decoded; {@code toString} shows none of them. */
public sealed interface UserInfo {
    /** {@code user:password@}. */
    record UserPassword(String user, Secret password) implements UserInfo {
        @Override
        public String toString() {
            return "UserPassword[***]";
        }
    }

    /** {@code token@}. */
    record Token(Secret token) implements UserInfo {
        @Override
        public String toString() {
            return "Token[***]";
        }
    }
}
