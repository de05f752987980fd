// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.client.auth;

import dev.midge.protocol.Connect;
import dev.midge.protocol.Info;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Who a connection is to be. It is asked at every attempt to connect, so what suppliers and files give may change: an
 * expired credential is replaced by putting a new one there. Where the server's URL has a user or a token, that is
 * used instead.
 *
 * <p>Secrets are taken as arrays. Those that are given are copied, and kept as long as the {@code Auth} is; those that
 * a supplier returns are wiped after use, so it must return a new array each time. None is ever shown by an exception, a
 * log or {@code toString}.
 *
 * <p>Cryptography is that of the JDK, through its default provider: Ed25519, in module {@code jdk.crypto.ec} before JDK
 * 22. Source: ADR-14 and nkeys.
 */
@FunctionalInterface
public interface Auth {
    /**
     * Says in CONNECT who the connection is, and proves it: with the nonce of INFO, where there is one. Called for each
     * attempt, on a thread that may block.
     *
     * @throws Exception if it cannot be said or proved; the attempt fails with it as the cause
     */
    void apply(Info info, Connect.Builder connect) throws Exception;

    /** Signs what a server sent, to prove that the key is there. */
    @FunctionalInterface
    interface Signer {
        /**
         * The 64 bytes of the Ed25519 signature. Called for each attempt, on a thread that may block.
         *
         * @throws Exception if it cannot be signed; the attempt fails with it as the cause
         */
        byte[] sign(byte[] nonce) throws Exception;
    }

    /**
     * A user and a password.
     *
     * @throws IllegalArgumentException if the user is empty
     */
    static Auth userPassword(String user, char[] password) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("user is empty: must not be");
        }
        char[] copy = password.clone();
        return userPassword(() -> user, copy::clone);
    }

    /** A user and a password, asked for anew at each attempt. */
    static Auth userPassword(Supplier<String> user, Supplier<char[]> password) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        return (info, connect) -> connect.user(user.get()).pass(Secrets.take(password, "password"));
    }

    /**
     * A token.
     *
     * @throws IllegalArgumentException if it is empty
     */
    static Auth token(char[] token) {
        char[] copy = Secrets.notEmpty("token", token);
        return token(copy::clone);
    }

    /** A token, asked for anew at each attempt. */
    static Auth token(Supplier<char[]> token) {
        Objects.requireNonNull(token, "token");
        return (info, connect) -> connect.authToken(Secrets.take(token, "token"));
    }

    /**
     * An NKEY, by its seed.
     *
     * @param seed {@code SU...}, 58 characters
     * @throws IllegalArgumentException if it is malformed, its check sum is wrong, or it is not a user's
     */
    static Auth nkey(char[] seed) {
        char[] copy = Secrets.notEmpty("seed", seed);
        Nkeys.checkUserSeed(copy);
        return nkey(copy::clone);
    }

    /** An NKEY, by its seed, asked for anew at each attempt. */
    static Auth nkey(Supplier<char[]> seed) {
        return new Nkeys.BySeed(Objects.requireNonNull(seed, "seed"));
    }

    /**
     * An NKEY, by the file of its seed, read anew at each attempt: the seed alone, or between lines of dashes. A leading
     * {@code ~} is the home folder.
     */
    static Auth nkey(Path seedFile) {
        return new Nkeys.ByFile(Jwts.expandHome(seedFile));
    }

    /**
     * An NKEY whose private part is elsewhere.
     *
     * @param publicKey {@code U...}, 56 characters
     * @throws IllegalArgumentException if the public key is malformed, or not a user's
     */
    static Auth nkey(String publicKey, Signer signer) {
        return new Nkeys.BySigner(
                Nkey.checkPublicKey(publicKey, Nkey.Role.USER), Objects.requireNonNull(signer, "signer"));
    }

    /**
     * A user's JWT and the seed that belongs to it.
     *
     * @param seed {@code SU...}, 58 characters
     * @throws IllegalArgumentException if the JWT is empty, or the seed malformed or not a user's
     */
    static Auth jwt(char[] jwt, char[] seed) {
        char[] jwtCopy = Secrets.notEmpty("jwt", jwt);
        char[] seedCopy = Secrets.notEmpty("seed", seed);
        Nkeys.checkUserSeed(seedCopy);
        return jwt(jwtCopy::clone, nonce -> Nkeys.sign(seedCopy.clone(), nonce));
    }

    /** A user's JWT, asked for anew at each attempt, and who signs for it. */
    static Auth jwt(Supplier<char[]> jwt, Signer signer) {
        return new Jwts.Signed(Objects.requireNonNull(jwt, "jwt"), Objects.requireNonNull(signer, "signer"));
    }

    /** A bearer JWT, asked for anew at each attempt: nothing is signed. */
    static Auth bearerJwt(Supplier<char[]> jwt) {
        Objects.requireNonNull(jwt, "jwt");
        return (info, connect) -> connect.jwt(Secrets.take(jwt, "jwt"));
    }

    /** A credentials file, as {@code nsc} writes it, read anew at each attempt. A leading {@code ~} is the home folder. */
    static Auth credentials(Path file) {
        Path path = Jwts.expandHome(file);
        return new Jwts.Credentials("credentials file " + path, () -> Jwts.read(path));
    }

    /**
     * What a credentials file holds.
     *
     * @throws IllegalArgumentException if there is no JWT or no user's seed in it
     */
    static Auth credentials(byte[] content) {
        byte[] copy = content.clone();
        Jwts.Credentials credentials = new Jwts.Credentials("credentials", copy::clone);
        credentials.check();
        return credentials;
    }

    /** What a credentials file holds, asked for anew at each attempt. */
    static Auth credentials(Supplier<byte[]> content) {
        Objects.requireNonNull(content, "content");
        return new Jwts.Credentials("credentials", content::get);
    }
}
