// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.packaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R-F4: what the jars say of themselves, to the module system and to OSGi. */
class JarContentIT {
    static Stream<Path> jars() throws IOException {
        return PackagedJars.ofMidge().stream();
    }

    @ParameterizedTest
    @MethodSource("jars")
    void isARealModule(Path jar) {
        assertThat(descriptor(jar).isAutomatic()).isFalse();
        assertThat(descriptor(jar).name()).startsWith("dev.midge.");
    }

    @ParameterizedTest
    @MethodSource("jars")
    void isABundleThatExportsWhatTheModuleExports(Path jar) throws IOException {
        Attributes manifest = manifest(jar);
        assertThat(manifest.getValue("Bundle-SymbolicName")).startsWith("dev.midge.");
        assertThat(manifest.getValue("Bundle-Version")).matches("\\d+\\.\\d+\\.\\d+.*");
        Set<String> exported = exports(jar, false);
        if (!exported.isEmpty()) { // a module that has no types yet
            assertThat(packages(manifest.getValue("Export-Package"), false)).isEqualTo(exported);
            assertThat(packages(manifest.getValue("Export-Package"), true)).isEqualTo(exports(jar, true));
        }
    }

    private static Set<String> exports(Path jar, boolean qualified) {
        return descriptor(jar).exports().stream()
                .filter(e -> e.isQualified() == qualified)
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void canBeUsedWithoutTheAnnotations(Path jar) throws IOException {
        String imports = manifest(jar).getValue("Import-Package");
        assertThat(Stream.of(imports.split(",(?=[a-z])", -1))
                        .filter(i -> i.startsWith("org.jspecify") && !i.contains("resolution:=optional")))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("jars")
    void holdsNothingOfAnybodyElse(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.stream().filter(e -> !e.isDirectory()).map(JarEntry::getName))
                    .allMatch(n ->
                            n.startsWith("dev/midge/") || n.startsWith("META-INF/") || n.equals("module-info.class"));
        }
    }

    /** R-F12; that what it promises holds is checked by the compiler. */
    @ParameterizedTest
    @MethodSource("jars")
    void everyPackageIsNullMarked(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Set<String> packages = file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && name.contains("/") && !name.startsWith("META-INF/"))
                    .map(name -> name.substring(0, name.lastIndexOf('/')))
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String name : packages) {
                JarEntry info = file.getJarEntry(name + "/package-info.class");
                assertThat(info).as("package-info of %s", name).isNotNull();
                assertThat(new String(file.getInputStream(info).readAllBytes(), ISO_8859_1))
                        .contains("Lorg/jspecify/annotations/NullMarked;");
            }
        }
    }

    private static ModuleDescriptor descriptor(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    /** {@code a.b;version="1";uses:="x,y",c.d;...}: the names before the first semicolons, of those that are so. */
    private static Set<String> packages(String header, boolean internal) {
        return Stream.of(header.replaceAll("\"[^\"]*\"", "").split(",", -1))
                .filter(clause -> clause.contains(";x-internal:=") == internal)
                .map(clause -> clause.replaceAll(";.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
