// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** R-F4, for those who test with Midge: the packaged testkit works on the module path with what it exports. */
class PackagedTestkitIT {
    private static final Path PROGRAM =
            Path.of("src", "test", "java", "dev", "midge", "packaging", "TestkitProgram.java");

    @Test
    void noTwoModulesSharePackages() throws Exception {
        assertThat(ModulePath.javaWithTestkit("--validate-modules")).doesNotContain("error", "conflict");
    }

    @Test
    void servesAndHoldsConversations() throws Exception {
        assertThat(ModulePath.javaWithTestkit("--add-modules", "dev.midge.testkit", PROGRAM.toString()))
                .contains("module dev.midge.testkit says INFO {", "0 differ");
    }
}
