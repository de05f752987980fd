// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** R-F4: the packaged jars are modules that go together. */
class ModulePathIT {
    @Test
    void noTwoModulesSharePackages() throws Exception {
        assertThat(ModulePath.java("--validate-modules")).doesNotContain("error", "conflict");
    }

    @Test
    void everyModuleFindsWhatItRequires() throws Exception {
        assertThat(ModulePath.java("--add-modules", "ALL-MODULE-PATH", "--list-modules"))
                .contains("dev.midge.micro", "dev.midge.stan");
    }
}
