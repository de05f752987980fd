// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.transport;

/** Says what to do about a jar that is optional and not there. */
final class OptionalJars {
    private OptionalJars() {}

    /**
     * @param feature what it is needed for
     * @param artifact of the group io.netty, in the version of the other Netty jars
     * @param error what the lack of it led to
     */
    static String missing(String feature, String artifact, LinkageError error) {
        return feature + " needs the optional jar io.netty:" + artifact
                + " on the class path, or among the modules of the program: " + error;
    }
}
