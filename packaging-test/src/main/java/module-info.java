// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

/** A user of Midge, as far as the module system is concerned. */
module dev.midge.packaging {
    requires dev.midge.client;
    requires static org.jspecify;
}
