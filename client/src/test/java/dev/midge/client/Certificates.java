// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates for tests, in a folder: of an authority {@code ca}, and signed by that {@code server} for localhost,
 * {@code wrong} for another host, {@code expired}, and {@code client}; and {@code other}, signed by {@code other-ca}.
 * Of each there are {@code NAME.pem}, {@code NAME.key} and {@code NAME.p12}.
 *
 * <p>They are made by the JDK's keytool, as nothing in the JDK's API makes certificates: all in one JVM, as it has to
 * start many times otherwise.
 */
final class Certificates {
    static final String PASSWORD = "password";

    private static final String KEYTOOL_PACKAGE = "sun.security.tools.keytool";
    private static final String LOCALHOST = "SAN=dns:localhost,ip:127.0.0.1";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    static Certificates make(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        List<String> arguments = new ArrayList<>(List.of(folder.toString()));
        ChildJvm.run(
                Keytool.class,
                List.of("--add-exports", "java.base/" + KEYTOOL_PACKAGE + "=ALL-UNNAMED"),
                arguments.toArray(new String[0]));
        Certificates certificates = new Certificates(folder);
        for (String name : List.of("ca", "server", "wrong", "expired", "client", "other-ca", "other")) {
            KeyStore store = certificates.store(name);
            writePem(
                    certificates.pem(name),
                    "CERTIFICATE",
                    store.getCertificate(name).getEncoded());
            writePem(
                    certificates.key(name),
                    "PRIVATE KEY",
                    store.getKey(name, PASSWORD.toCharArray()).getEncoded());
        }
        return certificates;
    }

    Path pem(String name) {
        return folder.resolve(name + ".pem");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    Path p12(String name) {
        return folder.resolve(name + ".p12");
    }

    KeyStore store(String name) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(p12(name).toFile(), PASSWORD.toCharArray());
    }

    /** What a server's configuration says to use a certificate. */
    String config(String name, String more) {
        return "tls { timeout: 60, cert_file: \"" + pem(name) + "\", key_file: \"" + key(name) + "\""
                + (more.isEmpty() ? "" : ", " + more) + " }\n";
    }

    /** The key file of a certificate, encrypted. */
    Path encryptedKey(String name, String passphrase) throws IOException, GeneralSecurityException {
        String algorithm = "PBEWithSHA1AndDESede"; // the strongest that JDK 17 can write into such a file
        SecretKey secret =
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(passphrase.toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        AlgorithmParameters parameters = cipher.getParameters();
        byte[] encrypted = cipher.doFinal(
                requireNonNull(store(name).getKey(name, PASSWORD.toCharArray())).getEncoded());
        Path file = folder.resolve(name + ".encrypted.key");
        writePem(file, "ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(parameters, encrypted).getEncoded());
        return file;
    }

    private static void writePem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n", UTF_8);
    }

    /** The program that makes them. */
    static final class Keytool {
        private final String folder;
        private final Method main;

        private Keytool(String folder) throws ReflectiveOperationException {
            this.folder = folder;
            main = Class.forName(KEYTOOL_PACKAGE + ".Main").getMethod("main", String[].class);
        }

        /** The entry point. */
        public static void main(String[] args) throws Exception {
            Keytool keytool = new Keytool(args[0]);
            keytool.authority("ca");
            keytool.signed("server", "ca", "-3d", LOCALHOST);
            keytool.signed("wrong", "ca", "-3d", "SAN=dns:other.example,ip:127.0.0.9");
            keytool.signed("expired", "ca", "-90d", LOCALHOST);
            keytool.signed("client", "ca", "-3d", LOCALHOST);
            keytool.authority("other-ca");
            keytool.signed("other", "other-ca", "-3d", LOCALHOST);
        }

        private void authority(String name) throws ReflectiveOperationException {
            pair(name, "-ext", "bc:c");
        }

        /** Valid for 30 days from some days before today. */
        private void signed(String name, String authority, String from, String names)
                throws ReflectiveOperationException {
            pair(name);
            String request = folder + "/" + name + ".csr";
            String signed = folder + "/" + name + ".crt";
            String chain = folder + "/" + authority + ".crt";
            run(name, "-certreq", "-file", request);
            run(
                    authority,
                    "-gencert",
                    "-infile",
                    request,
                    "-outfile",
                    signed,
                    "-startdate",
                    from,
                    "-validity",
                    "30",
                    "-ext",
                    names,
                    "-rfc");
            run(authority, "-exportcert", "-file", chain, "-rfc");
            run(name, "-importcert", "-noprompt", "-file", chain, "-alias", authority);
            run(name, "-importcert", "-noprompt", "-file", signed);
        }

        private void pair(String name, String... more) throws ReflectiveOperationException {
            List<String> command = new ArrayList<>(
                    List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name));
            command.addAll(Arrays.asList(more));
            run(name, command.toArray(new String[0]));
        }

        private void run(String store, String... command) throws ReflectiveOperationException {
            List<String> all = new ArrayList<>(Arrays.asList(command));
            if (!all.contains("-alias")) {
                all.addAll(List.of("-alias", store));
            }
            all.addAll(List.of(
                    "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", folder + "/" + store + ".p12"));
            main.invoke(null, (Object) all.toArray(new String[0]));
        }
    }
}
