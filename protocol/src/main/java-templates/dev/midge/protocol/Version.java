// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.protocol;

/** The version of this build, filled in by Maven: a constant needs no resource to be found at run time. */
final class Version {
    static final String MIDGE = "${project.version}";

    private Version() {}
}
