// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The API gate: writes down everything public or protected in the exported packages of a module and compares it with
 * the checked-in text, so that no change of a promise goes unseen in review. Run by the build from source:
 * {@code java ApiDump.java <classes> <api text> <update?> <class path>}. Exit code 1 means that the two differ.
 */
final class ApiDump {
    private static final Predicate<Class<?>> VISIBLE =
            c -> Modifier.isPublic(c.getModifiers()) || Modifier.isProtected(c.getModifiers());

    private final List<String> lines = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        Path classes = Path.of(args[0]);
        Path api = Path.of(args[1]);
        boolean update = args[2].equals("true");
        List<URL> urls = new ArrayList<>(List.of(url(classes)));
        for (String entry : args[3].split(java.io.File.pathSeparator)) {
            urls.add(url(Path.of(entry)));
        }
        List<String> actual = new ApiDump().dump(classes, urls);
        List<String> promised = Files.exists(api) ? Files.readAllLines(api) : List.of();
        if (actual.equals(promised)) {
            return;
        }
        if (update) {
            Files.createDirectories(api.getParent());
            Files.write(api, actual);
            System.out.println("Wrote " + api + ": commit it with the change that caused it.");
            return;
        }
        System.out.println("The public API is not what " + api + " says:");
        promised.stream().filter(l -> !actual.contains(l)).forEach(l -> System.out.println("  - " + l.strip()));
        actual.stream().filter(l -> !promised.contains(l)).forEach(l -> System.out.println("  + " + l.strip()));
        System.out.println("If that is meant: mvn prepare-package -DskipTests -Dapi.update, and commit the text.");
        System.exit(1);
    }

    private List<String> dump(Path classes, List<URL> urls) throws IOException {
        Path moduleInfo = classes.resolve("module-info.class");
        if (Files.exists(moduleInfo)) {
            // The loader stays open: the JVM ends with this run.
            ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new));
            for (String exported : exportedPackages(moduleInfo)) {
                lines.add("package " + exported);
                typesIn(classes, exported, loader).forEach(this::type);
            }
        }
        return lines;
    }

    /** What is exported to named modules only is no promise to anybody else. */
    private static TreeSet<String> exportedPackages(Path moduleInfo) throws IOException {
        try (InputStream in = Files.newInputStream(moduleInfo)) {
            return ModuleDescriptor.read(in).exports().stream()
                    .filter(e -> !e.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<Class<?>> typesIn(Path classes, String name, ClassLoader loader) throws IOException {
        try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".class") && !f.equals("package-info.class"))
                    .map(f -> load(name + '.' + f.substring(0, f.length() - ".class".length()), loader))
                    .filter(VISIBLE)
                    .filter(c -> c.getEnclosingClass() == null || VISIBLE.test(c.getEnclosingClass()))
                    .filter(c -> !c.isAnonymousClass() && !c.isLocalClass())
                    .sorted(Comparator.comparing(Class::getName))
                    .collect(Collectors.toList());
        }
    }

    private void type(Class<?> c) {
        String supertypes = Stream.of(
                        c.isRecord() || c.isEnum() || c.isInterface() || c.getSuperclass() == Object.class
                                ? ""
                                : " extends " + c.getAnnotatedSuperclass(),
                        c.isAnnotation()
                                ? ""
                                : list(c.isInterface() ? " extends " : " implements ", c.getAnnotatedInterfaces()),
                        c.isSealed() ? list(" permits ", c.getPermittedSubclasses()) : "")
                .collect(Collectors.joining());
        lines.add("");
        lines.add(brief(modifiers(c)
                + kind(c)
                + c.getName().substring(c.getPackageName().length() + 1)
                + variables(c.getTypeParameters())
                + components(c)
                + supertypes));
        if (c.isEnum()) {
            Arrays.stream(c.getFields()).filter(Field::isEnumConstant).forEach(f -> lines.add("    " + f.getName()));
        }
        Stream<String> fields = Arrays.stream(c.getDeclaredFields())
                .filter(f -> !f.isEnumConstant())
                .map(ApiDump::field);
        Stream<String> constructors = Arrays.stream(c.getDeclaredConstructors())
                .filter(k -> !c.isRecord() || !isCanonical(k, c))
                .map(k -> executable(k, c.getSimpleName()));
        Stream<String> methods = Arrays.stream(c.getDeclaredMethods())
                .filter(m -> !m.isSynthetic() && !impliedByKind(m, c))
                .map(m -> executable(m, m.getAnnotatedReturnType() + " " + m.getName()));
        Stream.of(fields, constructors, methods)
                .flatMap(members -> members.filter(m -> m.startsWith("public ") || m.startsWith("protected "))
                        .sorted(Comparator.comparing(ApiDump::memberName).thenComparing(m -> m)))
                .forEach(m -> lines.add("    " + brief(m)));
    }

    private static String modifiers(Class<?> c) {
        int shown = c.getModifiers();
        if (c.isInterface() || c.isRecord() || c.isEnum()) {
            shown &= ~(Modifier.ABSTRACT | Modifier.FINAL | Modifier.STATIC | Modifier.INTERFACE);
        }
        return Modifier.toString(shown) + (c.isSealed() ? " sealed " : " ");
    }

    private static String kind(Class<?> c) {
        if (c.isAnnotation()) {
            return "@interface ";
        }
        if (c.isInterface()) {
            return "interface ";
        }
        return c.isRecord() ? "record " : c.isEnum() ? "enum " : "class ";
    }

    private static String components(Class<?> c) {
        return !c.isRecord()
                ? ""
                : Arrays.stream(c.getRecordComponents())
                        .map(r -> r.getAnnotatedType() + " " + r.getName())
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String field(Field f) {
        return Modifier.toString(f.getModifiers()) + " " + f.getAnnotatedType() + " " + f.getName();
    }

    private static String executable(Executable e, String name) {
        int shown =
                e.getModifiers() & ~(Modifier.SYNCHRONIZED | Modifier.TRANSIENT | Modifier.VOLATILE | Modifier.NATIVE);
        if (e.getDeclaringClass().isInterface()) {
            shown &= ~Modifier.ABSTRACT;
        }
        String isDefault = e instanceof Method m && m.isDefault() ? "default " : "";
        String variables = variables(e.getTypeParameters());
        return Modifier.toString(shown) + " " + isDefault + (variables.isEmpty() ? "" : variables + " ") + name
                + Arrays.stream(e.getParameters()).map(ApiDump::parameter).collect(Collectors.joining(", ", "(", ")"))
                + list(" throws ", e.getAnnotatedExceptionTypes());
    }

    private static String parameter(Parameter p) {
        String type = p.getAnnotatedType().toString();
        return (p.isVarArgs() ? type.substring(0, type.length() - 2) + "..." : type)
                + (p.isNamePresent() ? " " + p.getName() : "");
    }

    private static boolean isCanonical(Constructor<?> k, Class<?> c) {
        return Arrays.equals(
                k.getParameterTypes(),
                Arrays.stream(c.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray());
    }

    /** Accessors and the like of records, values() of enums: said by the first line already. */
    private static boolean impliedByKind(Method m, Class<?> c) {
        if (c.isRecord()) {
            return (m.getParameterCount() == 0
                            && Arrays.stream(c.getRecordComponents())
                                    .anyMatch(r -> r.getName().equals(m.getName())))
                    || List.of("equals", "hashCode", "toString").contains(m.getName());
        }
        return c.isEnum() && List.of("values", "valueOf").contains(m.getName());
    }

    private static String memberName(String member) {
        String head = member.contains("(") ? member.substring(0, member.indexOf('(')) : member;
        return head.substring(head.lastIndexOf(' ') + 1);
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(v -> v.getName() + bounds(v.getAnnotatedBounds()))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(AnnotatedType[] bounds) {
        String text = Arrays.stream(bounds).map(Object::toString).collect(Collectors.joining(" & "));
        return text.equals("java.lang.Object") ? "" : " extends " + text;
    }

    private static String list(String lead, Object[] types) {
        return types.length == 0
                ? ""
                : Arrays.stream(types)
                        .map(t -> t instanceof Class<?> c ? c.getName() : t.toString())
                        .collect(Collectors.joining(", ", lead, ""));
    }

    private static String brief(String line) {
        return line.replace("@org.jspecify.annotations.Nullable()", "@Nullable")
                .replaceAll(
                        "\\bjava\\.(lang|util|time|util\\.concurrent|util\\.function|nio|nio\\.file)\\.(?=[A-Z])", "")
                .replaceAll("\\bdev\\.midge\\.[a-z.]+\\.(?=[A-Z])", "")
                .replaceAll("(?<=\\w)\\$(?=[A-Z])", ".");
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
