// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.bench.compare;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A program that can take part.
 *
 * @param command that starts it at a workload; the arguments of {@link Job} follow
 * @param takesPart whether it can do what a cell asks for
 */
record Contender(String name, Function<Workload, List<String>> command, Predicate<Cell> takesPart) {}
